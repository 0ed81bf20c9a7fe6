// The square on the letter brings code and number behind the #: they are filled in and sent, and gone from the address.
(() => {
  "use strict";
  const form = document.getElementById("code-form");
  const said = /^#(\d{8})\.([\d-]{9,40})$/.exec(window.location.hash);
  if (!form || !said) return;
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  form.elements.code.value = said[1];
  form.elements.number.value = said[2];
  if (form.requestSubmit) form.requestSubmit(); else form.submit();
})();
