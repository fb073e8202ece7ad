// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Moult", path: "..")],
  targets: [
    .executableTarget(name: "SimpleMLP", dependencies: [.product(name: "Moult", package: "Moult")], path: "SimpleMLP"),
    .executableTarget(
      name: "TrainByHand", dependencies: [.product(name: "Moult", package: "Moult")], path: "TrainByHand"),
  ],
  swiftLanguageModes: [.v6]
)
