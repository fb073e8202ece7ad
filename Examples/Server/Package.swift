// swift-tools-version: 6.2
import PackageDescription

// A package of its own: what it depends on is not built with Moult or the other examples.
let package = Package(
  name: "Server",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Moult", path: "../.."),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Server",
      dependencies: [
        .product(name: "Moult", package: "Moult"), .product(name: "Hummingbird", package: "hummingbird"),
      ],
      path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
