/* Nothing of a page is kept on the device: the library loaded after this one would otherwise write down each
   address it sees. Both stores refuse; libraries that ask first go on without. */
["session", "local"].forEach(function (kind) {
  "use strict";
  Object.defineProperty(window, kind + "Storage", {
    get: function () { throw new Error("nothing is kept on this device"); }
  });
});
