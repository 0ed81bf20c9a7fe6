// The print button of one copy; without script the browser's own print does the same.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
