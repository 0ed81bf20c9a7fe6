/* 纸件录入: pictures are sent one at a time, a picture can be enlarged and turned, what is typed is kept. All of it
   works without this file as well, a little slower. */
(function () {
  "use strict";
  var HEADERS = { "X-Piece": "1" };

  /* One picture a request: a line that breaks loses only that one. */
  function sendPieces(form) {
    var input = form.querySelector("input[type=file]"), list = form.querySelector("[data-sent]");
    form.addEventListener("submit", function (event) {
      var files = Array.prototype.slice.call(input.files);
      if (!files.length || !window.fetch) return;
      event.preventDefault();
      var button = form.querySelector("button[type=submit], button:not([type])"), to = form.action, at = 0, failed = 0;
      if (button) button.disabled = true;
      var line = document.createElement("li");
      list.appendChild(line);
      function said(words) {
        var item = document.createElement("li");
        item.className = "is-bad";
        item.textContent = words;
        list.appendChild(item);
      }
      function next() {
        if (at >= files.length) { done(); return; }
        var file = files[at++], body = new FormData();
        line.textContent = form.dataset.sending.replace("%s", at).replace("%s", files.length);
        body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
        body.append("do", "add");
        body.append("papers", file, file.name);
        fetch(to, { method: "POST", body: body, headers: HEADERS, credentials: "same-origin" }).then(function (answer) {
          return answer.json();
        }).then(function (answer) {
          if (answer.to) to = answer.to;
          if (answer.error) { failed++; said(answer.error); }
        }).catch(function () { failed++; said(file.name + ": " + form.dataset.failed); }).then(next);
      }
      function done() {
        line.textContent = "";
        delete form.dataset.sent;
        if (button) button.disabled = false;
        if (to !== form.action || !failed) { if (failed < files.length) location.href = to; }
      }
      next();
    });
  }
  document.querySelectorAll("form[data-pieces]").forEach(sendPieces);

  /* The picture: larger, smaller, turned. */
  var viewer = document.querySelector("[data-viewer]");
  if (viewer) {
    var zoom = 1, turn = 0;
    var pages = viewer.querySelector("[data-pages]"), tools = viewer.querySelector("[data-tools]");
    tools.hidden = false;
    var draw = function () {
      pages.querySelectorAll("img").forEach(function (img) {
        var lies = turn % 180 !== 0, box = img.parentNode;
        var tall = img.naturalWidth ? img.naturalHeight / img.naturalWidth : 1;
        img.style.width = 100 * zoom / (lies ? tall : 1) + "%";
        img.style.transform = "rotate(" + turn + "deg)";
        var width = img.offsetWidth, beyond = lies ? width * (1 - tall) / 2 : 0;
        box.style.height = lies ? width + "px" : "";
        img.style.marginTop = beyond + "px";
        img.style.marginLeft = -beyond + "px";
      });
    };
    var zoomed = function (by) { zoom = Math.max(.5, Math.min(5, zoom * by)); draw(); };
    var turned = function () { turn = (turn + 90) % 360; draw(); };
    tools.addEventListener("click", function (event) {
      var b = event.target.closest("button");
      if (!b) return;
      if (b.dataset.zoom) zoomed(b.dataset.zoom === "in" ? 1.25 : .8); else turned();
    });
    document.addEventListener("keydown", function (event) {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      var press = { ArrowLeft: "[data-previous]", ArrowRight: "[data-next]", s: "[data-save]" }[event.key];
      var b = press && document.querySelector(press);
      if (b) { event.preventDefault(); b.click(); return; }
      if (event.key === "ArrowUp") zoomed(1.25);
      else if (event.key === "ArrowDown") zoomed(.8);
      else if (event.key === "r") turned();
      else return;
      event.preventDefault();
    });
  }

  /* What is typed is kept a moment after, and when the page is left. */
  var form = document.getElementById("sheet");
  if (form && window.fetch) {
    var kept = document.querySelector("[data-kept]"), timer = null, changed = false, sent = false;
    var keep = function () {
      if (!changed || sent) return;
      changed = false;
      var body = new FormData(form);
      body.set("do", "keep");
      fetch(location.pathname, { method: "POST", body: body, headers: HEADERS, credentials: "same-origin", keepalive: true })
        .then(function (answer) { if (answer.ok) kept.textContent = kept.dataset.keptWords; else changed = true; })
        .catch(function () { changed = true; });
    };
    form.addEventListener("input", function () {
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 1200);
    });
    form.addEventListener("submit", function () { sent = true; clearTimeout(timer); });
    document.addEventListener("visibilitychange", function () { if (document.hidden) keep(); });
    form.addEventListener("change", function (event) {
      if (event.target.name !== "paper") return;
      var what = document.createElement("input");
      what.type = "hidden"; what.name = "do"; what.value = "keep";
      form.appendChild(what);
      sent = true;
      clearTimeout(timer);
      form.submit();
    });
  }
})();
