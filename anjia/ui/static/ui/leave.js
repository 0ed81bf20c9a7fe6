/* 离开: the page is gone at once, before the network answers, and Back does not bring it again. */
(function () {
  "use strict";
  function leave(link) {
    var away = link.href, told = link.dataset.leave || link.dataset.gone;
    document.documentElement.classList.add("a-gone");
    document.title = "";
    document.body.replaceChildren();
    if (told && navigator.sendBeacon) navigator.sendBeacon(told);
    location.replace(away);
  }
  /* Asked for at each click: the page may have been replaced by the server's answer since it was opened. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("[data-leave], [data-gone]") : null;
    if (!link) return;
    event.preventDefault();
    leave(link);
  });
  var presses = [];
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") { presses = []; return; }
    var now = Date.now(), link = document.querySelector("[data-leave]");
    presses.push(now);
    presses = presses.filter(function (at) { return now - at < 5000; });
    if (presses.length >= 3 && link) leave(link);
  });
  /* A page the browser kept aside for Back is asked for again: the server then decides what is shown. */
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
