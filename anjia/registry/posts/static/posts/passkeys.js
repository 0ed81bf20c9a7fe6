/* Asks the device for its key and sends what it answers with the form. Nothing is kept here. */
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  }
  function words(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function named(list) { return (list || []).map(function (c) { return Object.assign({}, c, { id: bytes(c.id) }); }); }
  function created(options) {
    options.user.id = bytes(options.user.id);
    options.challenge = bytes(options.challenge);
    options.excludeCredentials = named(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  function got(options) {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  }
  function answer(credential) {
    var r = credential.response, said = { clientDataJSON: words(r.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
      if (r[part]) said[part] = words(r[part]);
    });
    return JSON.stringify({ id: credential.id, rawId: words(credential.rawId), type: credential.type, response: said, clientExtensionResults: {} });
  }
  document.querySelectorAll("[data-passkey]").forEach(function (button) {
    var form = button.form, field = form.querySelector('[name="answer"]');
    if (!window.PublicKeyCredential) {
      button.hidden = true;
      form.querySelector("[data-passkey-none]").hidden = false;
      return;
    }
    button.addEventListener("click", function (event) {
      event.preventDefault();
      button.disabled = true;
      var ask = button.dataset.passkey === "create" ? created : got;
      ask(JSON.parse(button.dataset.options)).then(answer).catch(function () { return ""; }).then(function (text) {
        field.value = text;
        form.submit();
      });
    });
  });
})();
