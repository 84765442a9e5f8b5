// A picture with a slider, and a play button where it moves by itself. Native controls: a screen reader names them,
// and the keyboard works them. The kernel draws a picture when `value` changes; playing waits for each to arrive.
function render({ model, el }) {
  const names = model.get("names");
  const interval = model.get("interval");
  const row = document.createElement("div");
  row.style.cssText = "display: flex; align-items: center; gap: 0.8em; margin: 0.3em 0;";
  const label = document.createElement("label");
  label.style.cssText = "display: flex; align-items: center; gap: 0.6em;";
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: names.length - 1, step: 1, value: model.get("value") });
  slider.style.width = "18em";
  const shown = document.createElement("output");
  label.append(model.get("label"), slider);
  row.append(label, shown);
  const picture = document.createElement("div");
  el.append(row, picture);

  let timer = null;
  let playing = false;
  const button = document.createElement("button");
  const say = () => (button.textContent = playing ? "❚❚ Pause" : "▶ Play");
  const stop = () => { playing = false; clearTimeout(timer); say(); };
  const go = (value) => { model.set("value", value); model.save_changes(); };
  const next = () => (model.get("value") < names.length - 1 ? go(model.get("value") + 1) : stop());
  if (interval) {
    button.type = "button";
    button.style.minWidth = "6em";
    button.onclick = () => {
      if (playing) return stop();
      playing = true;
      say();
      go(model.get("value") < names.length - 1 ? model.get("value") + 1 : 0);
    };
    say();
    row.prepend(button);
  }
  slider.onkeydown = (event) => event.stopPropagation(); // JupyterLab would take the arrow keys for itself
  slider.oninput = () => { stop(); go(Number(slider.value)); };

  const place = () => {
    slider.value = model.get("value");
    shown.textContent = names[model.get("value")];
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  const draw = () => {
    picture.innerHTML = model.get("picture");
    if (playing) timer = setTimeout(next, interval);
  };
  model.on("change:value", place);
  model.on("change:picture", draw);
  place();
  draw();
  return () => { stop(); model.off("change:value", place); model.off("change:picture", draw); };
}

export default { render };
