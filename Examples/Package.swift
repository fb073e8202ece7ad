// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Moult", path: "..")],
  targets: [
    .executableTarget(
      name: "Uncertainty",
      dependencies: [.product(name: "Moult", package: "Moult"), .product(name: "MoultDigits", package: "Moult")],
      path: "Uncertainty")
  ]
    + [
      "Attention", "Convolution", "FineTuning", "ForeignWeights", "Heteroscedastic", "OwnPieces", "Recurrent",
      "SimpleMLP", "Streaming", "TrainByHand", "TwoMoons",
    ].map {
      .executableTarget(name: $0, dependencies: [.product(name: "Moult", package: "Moult")], path: $0)
    },
  swiftLanguageModes: [.v6]
)
