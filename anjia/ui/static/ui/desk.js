/* Shortcuts of the desk: N registers a call, Ctrl-K finds. Never while somebody is typing. */
(function () {
  "use strict";
  function typing(el) { return el && (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable); }
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      var find = document.querySelector("[data-find]");
      if (find && !document.querySelector("[data-palette]")) { event.preventDefault(); location.assign(find.href); }
      return;  /* palette.js opens the palette */
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    var link = document.querySelector('[data-key="' + event.key.toLowerCase().replace(/[^a-z]/g, "") + '"]');
    if (link) { event.preventDefault(); location.assign(link.href); }
  });
  /* An open box of the top bar closes with Escape or a tap elsewhere. */
  var boxes = document.querySelectorAll(".a-who, .a-burger");
  document.addEventListener("click", function (event) {
    boxes.forEach(function (box) { if (!box.contains(event.target)) box.removeAttribute("open"); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    boxes.forEach(function (box) { if (box.open) { box.removeAttribute("open"); box.querySelector("summary").focus(); } });
  });
})();
