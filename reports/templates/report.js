"use strict";
(() => {
  const form = document.querySelector(".filters");
  const items = Array.from(document.querySelectorAll(".item"), (element) => ({
    element,
    ...element.dataset,
    counted: element.matches(".row"),
    text: null,
  }));
  const sections = Array.from(document.querySelectorAll(".group, .part, .target"));

  const chosen = (name) =>
    new Set(Array.from(form.querySelectorAll(`[name="${name}"]:checked`), (box) => box.value));

  const filter = () => {
    const verdicts = chosen("verdict");
    const levels = chosen("level");
    const theme = form.elements.theme.value;
    const wanted = form.elements.text.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      if (wanted.length && item.text === null) item.text = item.element.textContent.toLocaleLowerCase();
      const fits =
        (!verdicts.size || verdicts.has(item.verdict)) &&
        (!levels.size || levels.has(item.level)) &&
        (!theme || theme === item.theme) &&
        wanted.every((word) => item.text.includes(word));
      item.element.hidden = !fits;
      if (fits && item.counted) shown += 1;
    }
    const narrowed = Boolean(verdicts.size || levels.size || theme || wanted.length);
    for (const section of sections) {
      section.hidden = narrowed && !section.querySelector(".item:not([hidden])");
    }
    form.elements.shown.value = shown;
    document.getElementById("nothing").hidden = !narrowed || items.some((item) => !item.element.hidden);
  };

  const unfold = (open) => {
    for (const details of document.querySelectorAll("details")) details.open = open;
  };

  const follow = () => {
    let place = null;
    try {
      place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return;
    }
    if (!place) return;
    if (place.closest("[hidden]")) {
      form.reset();
      filter();
    }
    if (place.matches("details")) place.open = true;
    place.scrollIntoView();
  };

  const copy = async (button, blocks) => {
    try {
      const texts = blocks.map((block) => block.dataset.copy ?? block.textContent);
      await navigator.clipboard.writeText(texts.join("\n"));
      button.dataset.state = "copied";
    } catch {
      const last = blocks.at(-1);
      getSelection().setBaseAndExtent(blocks[0], 0, last, last.childNodes.length);
      button.dataset.state = "selected";
    }
    setTimeout(() => delete button.dataset.state, 2500);
  };

  const [one, all] = document.getElementById("copy").content.children;
  const offer = (kind, place, blocks) => {
    const button = kind.cloneNode(true);
    button.addEventListener("click", () => copy(button, blocks));
    place.before(button);
  };
  // Buttons are made when somebody looks: a page of a hundred findings has hundreds of lines.
  const equip = (fold) => {
    if (fold.dataset.equipped) return;
    fold.dataset.equipped = "yes";
    const blocks = Array.from(fold.querySelectorAll("pre.lines"));
    for (const block of blocks) offer(one, block, [block]);
    const steps = fold.querySelector(".steps");
    if (blocks.length > 1 && blocks.length === steps?.children.length) offer(all, steps, blocks);
  };
  for (const fold of document.querySelectorAll(".again")) {
    if (fold.open) equip(fold);
    fold.addEventListener("toggle", () => equip(fold));
  }
  form.hidden = !items.length;
  // A reset empties outputs, save for what they hold by default.
  form.elements.total.defaultValue = items.filter((item) => item.counted).length;
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.open.addEventListener("click", () => unfold(true));
  form.elements.close.addEventListener("click", () => unfold(false));
  addEventListener("hashchange", follow);
  filter();
  follow();
})();
