/* One press copies a value and ticks it; without script the value is text to select. */
(function () {
  "use strict";
  function old(node) {
    var range = document.createRange();
    range.selectNodeContents(node);
    var chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
    return document.execCommand("copy");
  }
  function copied(button, node) {
    var words = button.firstChild;
    var before = words.textContent;
    words.textContent = button.dataset.done;
    setTimeout(function () { words.textContent = before; }, 1500);
    var box = node.parentNode.querySelector('input[type="checkbox"]');
    if (box) box.checked = true;
  }
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var node = document.getElementById(button.dataset.copy);
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(node.textContent).then(function () { copied(button, node); }, function () { if (old(node)) copied(button, node); });
      } else if (old(node)) {
        copied(button, node);
      }
    });
  });
})();
