/* 全选 and how many are ticked; without script each row is ticked by hand. */
(function () {
  "use strict";
  var form = document.getElementById("together");
  if (!form) return;
  var bar = form.querySelector("[data-needs-script]");
  var all = form.querySelector("[data-all]");
  var told = form.querySelector("[data-picked]");
  var boxes = Array.prototype.slice.call(form.querySelectorAll('input[name="m"]:not(:disabled)'));
  function count() {
    var n = boxes.filter(function (box) { return box.checked; }).length;
    all.checked = n > 0 && n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    told.textContent = told.dataset.words.replace("{n}", n);
  }
  bar.hidden = false;
  all.addEventListener("change", function () {
    boxes.forEach(function (box) { box.checked = all.checked; });
    count();
  });
  form.addEventListener("change", function (event) { if (event.target.name === "m") count(); });
  count();
})();
