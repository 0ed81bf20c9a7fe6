/* Small helps for the residents' site; everything works without them. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("p-js");

  /* A place is narrowed as soon as it is chosen. */
  var narrowing = false;
  document.addEventListener("change", function (event) {
    if (!/^(county|township)$/.test(event.target.name)) return;
    var button = document.querySelector(".p-narrow");
    if (!button || !event.target.value) return;
    narrowing = true;
    button.click();
  });

  /* What the server says about a mistake is shown like any other page. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status >= 400 && status < 500) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (narrowing) {
      narrowing = false;
      var next = document.getElementById("f-village") || document.getElementById("f-township");
      if (next) { next.focus(); return; }
    }
    window.scrollTo(0, 0);
    var first = document.querySelector("[data-focus]") || document.querySelector("main h1");
    if (first) first.focus({ preventScroll: true });
  });
  function say(id) {
    var box = document.getElementById(id);
    if (!box) return;
    box.hidden = false;
    box.scrollIntoView({ block: "center" });
  }
  document.addEventListener("htmx:sendError", function () { say("p-offline"); });
  document.addEventListener("htmx:timeout", function () { say("p-offline"); });
  document.addEventListener("htmx:responseError", function () { say("p-unsaved"); });
})();
