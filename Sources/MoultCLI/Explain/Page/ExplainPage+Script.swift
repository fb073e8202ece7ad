extension ExplainPage {
  /// The script of the rate slider, which shows masks that were drawn when the page was written. The script contains no
  /// character that must be escaped in markup.
  static let script = """

    (function () {
      var player = document.getElementById("player");
      var levels = JSON.parse(player.getAttribute("data-levels"));
      var slider = document.getElementById("rate"), grid = document.getElementById("grid");
      var step = 0;
      function write(id, text) { document.getElementById(id).textContent = text; }
      function kept(at) {
        return levels[at].map(function (level) { return Math.sign(Math.max(0, level - Number(slider.value))); });
      }
      function sum(list) { return list.reduce(function (a, b) { return a + b; }, 0); }
      function draw() {
        var rate = Number(slider.value) / 20, mask = kept(step);
        mask.forEach(function (bit, unit) { grid.children[unit].className = bit ? "on" : "off"; });
        var mean = sum(mask) / mask.length;
        var all = sum(levels.map(function (_, at) { return sum(kept(at)) / mask.length; })) / levels.length;
        write("rate-value", rate.toFixed(2));
        write("step-value", "step " + step + " of 0 to " + (levels.length - 1));
        write("means", "Mean output in this step: " + mean.toFixed(3) + " as dropped, "
          + (mean / (1 - rate)).toFixed(3) + " divided by 1 - rate. Over all " + levels.length + " steps: "
          + all.toFixed(3) + " and " + (all / (1 - rate)).toFixed(3) + ". Undropped: 1.");
      }
      levels[0].forEach(function () { grid.appendChild(document.createElement("i")); });
      slider.addEventListener("input", draw);
      document.getElementById("next-step").addEventListener("click", function () {
        step = (step + 1) % levels.length;
        draw();
      });
      player.hidden = false;
      draw();
    })();

    """
}
