import Moult
import MoultReport

extension FeaturesChapter {
  private static let shownUnits = 8

  var figure: String {
    let rows = [("without dropout", plain), ("dropout \(rate)", dropped)].map { name, features in
      let images = features.spread(Self.shownUnits).map { unit in
        let smoothness = NumberFormat.fixed(features.smoothness[unit], 2)
        return Drawing.panel(
          smoothness,
          PixelImage(features.images[unit]).signedDrawing(
            label: "what training added to the weights of unit \(unit), smoothness \(smoothness)",
            limit: features.limit(of: unit)),
          className: "panel feature")
      }
      return "<h3>\(name.escapedAsMarkup())</h3>" + Drawing.row(images)
    }
    return rows.joined()
      + "<p class=\"legend\">\(Self.shownUnits) units of each network, spread evenly from the roughest to the smoothest, with "
      + "their smoothness.</p>"
  }
}
