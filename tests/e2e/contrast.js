// The least contrast of each text on the page with what it stands on, by WCAG 2's definition.
() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  /** Red, green, blue and alpha of any CSS colour. */
  function components(colour) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over(upper, lower) {
    const alpha = upper[3];
    return [0, 1, 2].map((i) => upper[i] * alpha + lower[i] * (1 - alpha)).concat(1);
  }

  function ground(element) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement)
      layers.push(components(getComputedStyle(at).backgroundColor));
    return layers.reduceRight((lower, upper) => over(upper, lower), [255, 255, 255, 1]);
  }

  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(element) {
    const style = getComputedStyle(element);
    const below = ground(element);
    const ink = over(components(element instanceof SVGElement ? style.fill : style.color), below);
    const [dark, light] = [luminance(ink), luminance(below)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.closest(".unseen") === null;
  const holdsText = (element) =>
    element.matches("input[type=number]") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  return [...document.body.querySelectorAll("*")]
    .filter((element) => holdsText(element) && shown(element))
    .map((element) => [`${element.tagName} ${element.textContent.trim().slice(0, 40)}`, contrast(element)]);
};
