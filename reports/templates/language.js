"use strict";
(() => {
  const root = document.documentElement;

  const speak = (language) => {
    if (root.lang === language) return;
    root.lang = language;
    for (const element of document.querySelectorAll("title, option[data-en]")) {
      element.textContent = element.dataset[language];
    }
  };

  document.querySelector(".switch").hidden = false;
  for (const radio of document.querySelectorAll("[name=lang]")) {
    radio.addEventListener("change", () => speak(radio.value));
    if (radio.checked) speak(radio.value);
  }
})();
