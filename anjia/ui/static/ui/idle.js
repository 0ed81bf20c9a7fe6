/* Nobody at the desk: the page goes away by itself. Whoever types or scrolls is at the desk, in every tab. */
(function () {
  "use strict";
  var box = document.querySelector("[data-idle]");
  if (!box) return;
  var limit = Number(box.dataset.idle) * 1000, last = Date.now(), told = last, warned = box.querySelector("p");
  var tabs = window.BroadcastChannel ? new BroadcastChannel("at-the-desk") : null;
  function here() { last = Date.now(); box.hidden = true; }
  function used() { here(); if (tabs) tabs.postMessage("here"); }
  if (tabs) tabs.onmessage = here;
  ["keydown", "pointerdown", "scroll", "input", "touchstart"].forEach(function (kind) {
    document.addEventListener(kind, used, { passive: true, capture: true });
  });
  setInterval(function () {
    var rest = limit - (Date.now() - last);
    if (rest <= 0) { box.querySelector("form").submit(); return; }
    if (rest <= 60000 && warned) box.hidden = false;
    if (last > told && Date.now() - told >= 60000) {
      told = Date.now();
      fetch(box.dataset.stay, { cache: "no-store", redirect: "manual" }).catch(function () {});
    }
  }, 5000);
})();
