// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Moult", path: "..")],
  targets: [
    .executableTarget(name: "SimpleMLP", dependencies: [.product(name: "Moult", package: "Moult")], path: "SimpleMLP"),
    .executableTarget(name: "Streaming", dependencies: [.product(name: "Moult", package: "Moult")], path: "Streaming"),
    .executableTarget(
      name: "TrainByHand", dependencies: [.product(name: "Moult", package: "Moult")], path: "TrainByHand"),
    .executableTarget(
      name: "Uncertainty",
      dependencies: [.product(name: "Moult", package: "Moult"), .product(name: "MoultDigits", package: "Moult")],
      path: "Uncertainty"),
  ],
  swiftLanguageModes: [.v6]
)
