/* Small helps for forms; every form works without them. */
(function () {
  "use strict";
  /* A second click while the first is on its way does nothing. The server would refuse it anyway. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-once")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once]").forEach(function (form) { delete form.dataset.sent; });
  });

  function answers(form, name) {
    var out = [];
    form.querySelectorAll('[name="' + name + '"]').forEach(function (el) {
      if ((el.type === "radio" || el.type === "checkbox") && !el.checked) return;
      if (el.value) out.push(el.value);
    });
    return out;
  }
  /* Questions that depend on another answer step aside until it is given. */
  function settle(form) {
    form.querySelectorAll("[data-show-when]").forEach(function (cell) {
      var wanted = cell.dataset.showValues.split(" ");
      cell.hidden = !answers(form, cell.dataset.showWhen).some(function (v) { return wanted.indexOf(v.toLowerCase()) >= 0; });
    });
  }
  document.querySelectorAll("form").forEach(function (form) {
    if (!form.querySelector("[data-show-when]")) return;
    settle(form);
    form.addEventListener("change", function () { settle(form); });
  });

  /* After a refused form the summary is read first. */
  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
