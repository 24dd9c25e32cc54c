"use strict";
// The page is complete without this script, which adds sorting, filters, styled tips and the place
// in the contents. It loads nothing, and writes text, never markup.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const eventTable = (table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    if (rows.length < 2) return;
    let sorted = { column: 0, falling: false };

    const keys = heads.map((_, column) => {
      const texts = rows.map((row) => row.cells[column].dataset.value);
      const isNumber = texts.every((text) => text === "" || !Number.isNaN(Number(text)));
      return new Map(rows.map((row, at) => [row, isNumber && texts[at] !== "" ? Number(texts[at]) : texts[at]]));
    });
    const compare = (one, two) =>
      typeof one === "number" ? one - two : one.localeCompare(two);

    const sort = (column, falling) => {
      sorted = { column, falling };
      const key = keys[column];
      const known = rows.filter((row) => key.get(row) !== "");
      known.sort((one, two) => (falling ? -1 : 1) * compare(key.get(one), key.get(two)));
      body.append(...known, ...rows.filter((row) => key.get(row) === ""));
      heads.forEach((head, at) => {
        if (at === column) head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      order.value = String(column);
      turn.textContent = falling ? "Descending" : "Ascending";
    };

    const words = make("input", { type: "search", autocomplete: "off" });
    const chosen = ["category", "direction", "evidence"]
      .map((name) => [name, [...new Set(rows.map((row) => row.dataset[name]))].filter(Boolean).sort()])
      .filter(([, values]) => values.length > 1)
      .map(([name, values]) => [
        name,
        make("select", {}, make("option", { value: "", textContent: "all" }),
          ...values.map((value) => make("option", { value, textContent: value }))),
      ]);
    const abnormal = make("input", { type: "checkbox" });
    const order = make("select", {},
      ...[...rows[0].cells].map((cell, at) => make("option", { value: String(at), textContent: cell.dataset.label })));
    const turn = make("button", { type: "button" });
    const reset = make("button", { type: "button", textContent: "Reset" });
    const count = make("p", { className: "count" });
    count.setAttribute("role", "status");

    const filter = () => {
      const wanted = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = `${row.textContent} ${row.dataset.category}`.toLowerCase();
        row.hidden = !(
          wanted.every((word) => text.includes(word)) &&
          chosen.every(([name, select]) => !select.value || row.dataset[name] === select.value) &&
          (!abnormal.checked || row.dataset.abnormal === "yes")
        );
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${rows.length} events`;
    };

    const labelled = (text, control, className = "") => make("label", { className }, make("span", { textContent: text }), control);
    const isMixed = new Set(rows.map((row) => row.dataset.abnormal)).size > 1;
    const sorting = make("div", { className: "order" }, labelled("Sort by", order), turn);
    const bar = make("div", { className: "tools" },
      labelled("Find", words),
      ...chosen.map(([name, select]) => labelled(name[0].toUpperCase() + name.slice(1), select)),
      ...(isMixed ? [labelled("Abnormal day 0 only", abnormal, "tick")] : []),
      sorting, reset, count);
    bar.setAttribute("role", "search");
    bar.setAttribute("aria-label", "Events");
    table.closest(".table").querySelector(".scroll").before(bar);

    bar.addEventListener("input", (event) => {
      if (event.target === order) sort(Number(order.value), sorted.falling);
      else filter();
    });
    turn.addEventListener("click", () => sort(sorted.column, !sorted.falling));
    reset.addEventListener("click", () => {
      for (const control of [words, ...chosen.map(([, select]) => select)]) control.value = "";
      abnormal.checked = false;
      sort(0, false);
      filter();
    });
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => sort(column, sorted.column === column && !sorted.falling));
      head.replaceChildren(button);
    });
    sort(0, false);
    filter();
  };

  // A chart is one stop of the Tab key; the arrow keys go from point to point.
  const bubble = make("div", { className: "bubble", hidden: true });
  bubble.setAttribute("aria-hidden", "true"); // a screen reader reads the point itself
  const LEAST_MARGIN = 220; // pixels: narrower, its lines would break
  let current = null;
  let spot = null; // the part of it that is pointed at

  const hide = () => {
    bubble.hidden = true;
    current?.classList.remove("on");
    current = null;
  };
  // The bubble hides neither its mark nor what is around it: it stands in the margin beside a row,
  // above or below the chart beside anything else, and at the far end of the window if need be.
  const put = () => {
    const [box, chart] = [spot, spot.ownerSVGElement].map((part) => part.getBoundingClientRect());
    const [room, depth] = [document.documentElement.clientWidth, window.innerHeight];
    if (box.bottom < 0 || box.top > depth) return hide();
    const middle = (box.top + box.bottom) / 2;
    const isRow = box.width > chart.width / 2;
    bubble.style.maxWidth = "";
    const outside = [chart.top - bubble.offsetHeight - 6, chart.bottom + 6];
    if (middle > (chart.top + chart.bottom) / 2) outside.reverse();
    let top = outside.find((edge) => edge >= 4 && edge + bubble.offsetHeight <= depth - 4);
    let left = isRow ? chart.left : (box.left + box.right - bubble.offsetWidth) / 2;
    const right = room - chart.right;
    const margin = right < LEAST_MARGIN ? chart.left : right;
    if (margin >= LEAST_MARGIN && (isRow || top === undefined)) {
      bubble.style.maxWidth = `${margin - 16}px`;
      left = margin === right ? chart.right + 8 : chart.left - bubble.offsetWidth - 8;
      top = middle - bubble.offsetHeight / 2;
    }
    top ??= middle > depth / 2 ? 0 : depth;
    bubble.style.left = `${Math.max(4, Math.min(left, room - bubble.offsetWidth - 4))}px`;
    bubble.style.top = `${Math.max(4, Math.min(top, depth - bubble.offsetHeight - 4))}px`;
  };
  const show = (tip, part = tip.querySelector("rect")) => {
    spot = part;
    if (tip !== current) {
      hide();
      current = tip;
      tip.classList.add("on");
      bubble.replaceChildren(...tip.getAttribute("aria-label").split(" · ").map((text) => make("span", { textContent: text })));
      bubble.hidden = false;
    }
    put();
  };

  const chartTips = (layer) => {
    const tips = all(".tip", layer);
    let stop = tips[0];
    const enter = (tip) => {
      stop.setAttribute("tabindex", "-1");
      stop = tip;
      stop.setAttribute("tabindex", "0");
    };
    for (const tip of tips) {
      const title = tip.querySelector("title");
      tip.setAttribute("aria-label", title.textContent); // or the browser shows its own
      title.remove();
      tip.setAttribute("tabindex", "-1");
    }
    stop.setAttribute("tabindex", "0");
    const under = (event) => event.target.closest(".tip");
    layer.addEventListener("pointerover", (event) => event.pointerType !== "touch" && under(event) && show(under(event), event.target));
    layer.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hide());
    layer.addEventListener("click", (event) => {
      const tip = under(event);
      if (!tip) return;
      const isFirstTap = event.pointerType === "touch" && tip !== tapped;
      tapped = tip;
      if (isFirstTap) event.preventDefault(); // the first tap tells, the second follows the link
      show(tip, event.target);
    });
    layer.addEventListener("focusin", (event) => {
      enter(under(event));
      if (under(event).matches(":focus-visible")) show(under(event));
    });
    layer.addEventListener("focusout", hide);
    layer.addEventListener("keydown", (event) => {
      const at = tips.indexOf(stop);
      const next = {
        ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
        PageDown: at + 10, PageUp: at - 10, Home: 0, End: tips.length - 1,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const tip = tips[Math.max(0, Math.min(next, tips.length - 1))];
      tip.focus({ preventScroll: true });
      tip.querySelector("rect").scrollIntoView({ block: "nearest", inline: "nearest" });
      show(tip);
    });
  };
  let tapped = null;

  // Only what can be scrolled is a stop of the Tab key.
  const scrollers = () => {
    for (const box of all(".scroll")) {
      const isWider = box.scrollWidth > box.clientWidth + 1;
      box.toggleAttribute("tabindex", isWider);
      if (isWider) box.setAttribute("tabindex", "0");
    }
  };

  // The section in the upper part of the window is marked in the contents.
  const contents = () => {
    const list = document.querySelector("nav ol");
    const links = new Map(all("a", list).map((link) => [document.getElementById(link.hash.slice(1)), link]));
    const seen = new Set();
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
      const here = [...links.keys()].find((section) => seen.has(section));
      if (!here) return;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(here).setAttribute("aria-current", "true");
      list.scrollLeft = links.get(here).offsetLeft - 24;
    }, { rootMargin: "-25% 0px -65% 0px" });
    for (const section of links.keys()) watcher.observe(section);
  };

  all("table.events").forEach(eventTable);
  all("svg.tips").forEach(chartTips);
  document.body.append(bubble);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => event.target.closest(".tips") || hide());
  document.addEventListener("scroll", () => current && put(), { capture: true, passive: true });
  window.addEventListener("resize", scrollers);
  scrollers();
  all("details").forEach((details) => details.addEventListener("toggle", scrollers));
  contents();
})();
