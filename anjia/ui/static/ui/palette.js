/* 找 (Ctrl-K): a combobox in a dialog. Without this script the button leads to the search page.
   What is typed is posted, never put into an address, and nothing of it is kept. */
(function () {
  "use strict";
  var dialog = document.querySelector("[data-palette]");
  if (!dialog || !dialog.showModal) return;
  var input = dialog.querySelector("input[role=combobox]");
  var list = dialog.querySelector("[role=listbox]");
  var said = dialog.querySelector("[data-palette-said]");
  var form = dialog.querySelector("form");
  var timer = 0, asked = 0, here = -1;
  var waiting = false, go = false;  /* Enter before the answer is there opens what the answer brings, not an old line. */

  function options() { return Array.prototype.slice.call(list.querySelectorAll("[role=option]")); }
  function point(at) {
    var all = options();
    here = all.length ? (at + all.length) % all.length : -1;
    all.forEach(function (o, i) { o.setAttribute("aria-selected", i === here ? "true" : "false"); });
    if (here < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", all[here].id);
    all[here].scrollIntoView({ block: "nearest" });
  }
  function show(html) {
    list.replaceChildren.apply(list, Array.prototype.slice.call(new DOMParser().parseFromString(html, "text/html").body.childNodes));
    var note = list.querySelector("[data-count]");
    said.textContent = note ? note.textContent : "";
    if (note) note.remove();
    var count = options().length;
    input.setAttribute("aria-expanded", count ? "true" : "false");
    point(count ? 0 : -1);
    waiting = false;
    if (go && count) options()[0].click();
    go = false;
  }
  function ask() {
    var turn = ++asked;
    waiting = true;
    fetch(form.dataset.ask, {
      method: "POST", body: new FormData(form), credentials: "same-origin", cache: "no-store", redirect: "error"
    }).then(function (response) {
      if (!response.ok) throw new Error(String(response.status));
      return response.text();
    }).then(function (html) { if (turn === asked && dialog.open) show(html); })
      .catch(function () { if (turn === asked && dialog.open) location.assign(form.action); });
  }
  function later(ms) {
    waiting = true;
    go = false;
    asked += 1;  /* an answer still on its way is to older words */
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }
  function open() {
    if (dialog.open) { input.focus(); input.select(); return; }
    input.value = "";
    list.replaceChildren();
    dialog.showModal();
    input.focus();
    ask();
  }
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.querySelectorAll("[data-find]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  });
  input.addEventListener("input", function (event) {
    if (event.isComposing) return;
    later(180);
  });
  input.addEventListener("compositionend", function () { later(60); });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    var steps = { ArrowDown: here + 1, ArrowUp: here - 1 };
    if (event.key in steps) { event.preventDefault(); point(steps[event.key]); return; }
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (waiting) go = true;
    else if (here >= 0) options()[here].click();
  });
  list.addEventListener("mousemove", function (event) {
    var option = event.target.closest("[role=option]");
    if (option) point(options().indexOf(option));
  });
  dialog.querySelector("[data-palette-close]").addEventListener("click", function () { dialog.close(); });
  dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", function () { clearTimeout(timer); asked += 1; input.value = ""; list.replaceChildren(); said.textContent = ""; });
  window.addEventListener("pagehide", function () { if (dialog.open) dialog.close(); });
})();
