/* 离开: the page is gone at once, before the network answers, and Back does not bring it again. */
(function () {
  "use strict";
  var link = document.querySelector("[data-leave]");
  if (!link) return;
  function leave(event) {
    if (event) event.preventDefault();
    document.documentElement.classList.add("a-gone");
    document.title = "";
    var forms = document.forms;
    for (var i = 0; i < forms.length; i++) forms[i].reset();
    if (link.dataset.leave && navigator.sendBeacon) navigator.sendBeacon(link.dataset.leave);
    location.replace(link.href);
  }
  link.addEventListener("click", leave);
  var presses = [];
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") { presses = []; return; }
    var now = Date.now();
    presses.push(now);
    presses = presses.filter(function (at) { return now - at < 5000; });
    if (presses.length >= 3) leave();
  });
  /* A page the browser kept aside for Back is asked for again: the server then decides what is shown. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
