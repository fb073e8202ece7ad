extension GapChapter {
  var figure: String {
    let charts = [("without dropout", plain), ("dropout \(settings.rate)", dropped)].map { name, network in
      Drawing.panel(
        name, chart(network).drawing(label: "losses \(name), epoch by epoch", epochs: network.curve.count),
        className: "panel chart")
    }
    return "<p class=\"legend\">line: validation loss; dots: training loss; shaded: the gap</p>" + Drawing.row(charts)
      + Drawing.table(table)
  }
}
