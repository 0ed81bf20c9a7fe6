/* The village's phone. Two helps; every form works without them, and nothing is ever written into the phone's memory.
   1. 按住说话: a recording goes straight into the form's own file box.
   2. A form that is pressed without a network waits in this page and is sent once: the key in it makes a second arrival
      of the same form the same act for the server. */
(function () {
  "use strict";
  var LONGEST = 120, HELD = 500, RATE = 24000;

  /* ---- a voice */
  function canRecord() {
    if (!window.MediaRecorder || !window.DataTransfer || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return false;
    try { return Boolean(new DataTransfer() && new File([""], "a")); } catch (_old) { return false; }
  }
  function kind() {
    return ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"].filter(function (one) {
      return !MediaRecorder.isTypeSupported || MediaRecorder.isTypeSupported(one);
    })[0] || "";
  }
  function voice(box) {
    var press = box.querySelector("button"), label = box.querySelector("[data-voice-label]"), said = box.querySelector("[data-voice-said]");
    var fallback = box.querySelector("[data-voice-box]"), input = fallback.querySelector("input");
    var recorder = null, stream = null, parts = [], since = 0, timer = 0, wanted = false, downAt = 0;
    press.hidden = false;
    fallback.hidden = true;
    function cannot() { said.textContent = box.dataset.no; press.hidden = true; fallback.hidden = false; wanted = false; }
    function rest() {
      clearInterval(timer);
      if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
      recorder = stream = null;
      box.classList.remove("is-on");
    }
    function kept() {
      var seconds = Math.max(1, Math.round((Date.now() - since) / 1000)), blob = new Blob(parts, { type: parts[0] ? parts[0].type : "" });
      rest();
      if (!blob.size) { cannot(); return; }
      var type = blob.type.split(";")[0] || "audio/webm", end = type.indexOf("mp4") > 0 ? "m4a" : type.indexOf("ogg") > 0 ? "ogg" : "webm";
      var list = new DataTransfer();
      list.items.add(new File([blob], "voice." + end, { type: type }));
      input.files = list.files;
      label.textContent = box.dataset.again;
      said.textContent = box.dataset.got.replace("#", seconds);
    }
    function start() {
      if (recorder || wanted) return;
      wanted = true;
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (got) {
        stream = got;
        if (!wanted) { rest(); return; }
        parts = [];
        recorder = new MediaRecorder(got, { mimeType: kind(), audioBitsPerSecond: RATE });
        recorder.ondataavailable = function (event) { if (event.data.size) parts.push(event.data); };
        recorder.onstop = kept;
        recorder.onerror = cannot;
        since = Date.now();
        recorder.start();
        box.classList.add("is-on");
        label.textContent = box.dataset.stop;
        timer = setInterval(function () {
          var seconds = Math.round((Date.now() - since) / 1000);
          said.textContent = seconds + "″";
          if (seconds >= LONGEST) stop();
        }, 500);
      }).catch(cannot);
    }
    function stop() { wanted = false; if (recorder && recorder.state !== "inactive") recorder.stop(); }
    function toggle() { if (recorder || wanted) stop(); else start(); }
    /* Held down: while it is held. Tapped: until the next tap, so that nobody has to hold a finger still. */
    press.addEventListener("pointerdown", function (event) {
      event.preventDefault();
      if (recorder) { stop(); downAt = 0; return; }
      downAt = Date.now();
      start();
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      press.addEventListener(name, function () { if (downAt && Date.now() - downAt >= HELD) stop(); downAt = 0; });
    });
    press.addEventListener("contextmenu", function (event) { event.preventDefault(); });
    press.addEventListener("keydown", function (event) {
      if ((event.key === "Enter" || event.key === " ") && !event.repeat) { event.preventDefault(); toggle(); }
    });
  }
  if (canRecord()) document.querySelectorAll("[data-voice]").forEach(voice);

  /* ---- a form that waits */
  var PATIENCE = 60000, SOONEST = 3000, LATEST = 30000, ALONE = 120000, touched = Date.now();
  ["pointerdown", "keydown", "touchstart", "scroll"].forEach(function (kind) {
    document.addEventListener(kind, function () { touched = Date.now(); }, { passive: true, capture: true });
  });
  function holds(form) {
    var waits = form.querySelector("[data-waits]"), lost = form.querySelector("[data-lost]"), button = form.querySelector("button[type=submit]");
    var body = null, busy = false, tries = 0, timer = 0;
    function leave(address) { body = null; clearTimeout(timer); location.replace(address); }
    function again() {
      busy = false;
      waits.hidden = false;
      if (document.querySelector("[data-idle]")) waits.querySelector("[data-waits-until]").hidden = false;
      waits.scrollIntoView({ block: "center" });
      clearTimeout(timer);
      timer = setTimeout(send, Math.min(SOONEST * Math.pow(2, tries++), LATEST));
    }
    function isOver(answer) { return answer.status === 403 || (answer.redirected && /\/sign-in\//.test(new URL(answer.url).pathname)); }
    function over() { body = null; clearTimeout(timer); waits.hidden = true; lost.hidden = false; lost.scrollIntoView({ block: "center" }); }
    function send() {
      if (!body || busy) return;
      busy = true;
      var stopper = window.AbortController ? new AbortController() : null;
      var late = setTimeout(function () { if (stopper) stopper.abort(); }, PATIENCE);
      fetch(form.action, { method: "POST", body: body, credentials: "same-origin", cache: "no-store", signal: stopper ? stopper.signal : undefined })
        .then(function (answer) {
          clearTimeout(late);
          if (isOver(answer)) { over(); return; }
          if (answer.status >= 500) { again(); return; }
          if (answer.redirected) { leave(answer.url); return; }
          /* Something is to be changed: the server says what, in its own page. */
          body = null;
          form.submit();
        }, function () { clearTimeout(late); again(); });
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (body) { send(); return; }
      body = new FormData(form);
      button.disabled = true;
      form.classList.add("is-held");
      send();
    });
    waits.querySelector("[data-waits-now]").addEventListener("click", function () { clearTimeout(timer); send(); });
    window.addEventListener("online", function () { clearTimeout(timer); send(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden && !waits.hidden) send(); });
    /* Whoever is here is asked before the page goes; a phone left alone is not kept open with her words on it. */
    window.addEventListener("beforeunload", function (event) {
      if (body && !waits.hidden && Date.now() - touched < ALONE) { event.preventDefault(); event.returnValue = ""; }
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  }
  if (window.fetch && window.FormData) document.querySelectorAll("form[data-hold]").forEach(holds);
})();
