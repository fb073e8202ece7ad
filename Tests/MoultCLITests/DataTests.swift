import Foundation
import MoultTestSupport
import Testing

@Suite struct DataTests {
  @Test func listsWhatThereIs() throws {
    let json = try Tool.run(["data", "--json"], environment: ["MOULT_CACHE": "/nowhere"]).json()
    expectEqual(json.map { $0["name"] as? String }, ["digits", "mnist"])
    expectEqual(json.map { $0["available"] as? Bool }, [true, false])
    expectTrue(json[1]["path"] as? String == "/nowhere/mnist")
  }

  @Test func theBundledDigitsAreThoseOfMNIST() throws {
    // The counts of the first 10,000 training labels and of all test labels, as published.
    let json = try unwrapped(try Tool.run(["data", "digits", "--json"]).json().first)
    expectTrue(json["train_counts"] as? [Int] == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
    expectTrue(json["test_counts"] as? [Int] == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }

  @Test func drawsADigit() throws {
    let lines = try Tool.run(["data", "digits", "--index", "0"]).text.components(separatedBy: "\n")
    let title = try unwrapped(lines.firstIndex(of: "Training image 0, a 5:"))
    let picture = lines[(title + 2)...]
    expectTrue(picture.contains { $0.contains("@@") })
    expectTrue(picture.allSatisfy { $0.count <= 56 })
  }

  @Test func withoutAPlaceForDownloadsTheDigitsAreListedAllTheSame() throws {
    let table = try Tool.run(["data"], environment: ["HOME": ""])
    expectEqual(table.status, 0, "\(table.error)")
    expectTrue(table.lines.contains { $0.hasPrefix("digits  ") })
    let json = try Tool.run(["data", "--json"], environment: ["HOME": ""]).json()
    expectEqual(json.map { $0["available"] as? Bool }, [true, false])
    expectTrue(json.last?["path"] is NSNull)
  }

  @Test func jsonHoldsTheImageThatWasAskedFor() throws {
    let json = try unwrapped(try Tool.run(["data", "digits", "--index", "1", "--json"]).json().first)
    expectTrue(json["index"] as? Int == 1 && json["label"] as? Int == 0)
    let pixels = try unwrapped(json["pixels"] as? [Int])
    expectTrue(pixels.count == 784 && pixels.allSatisfy { (0...255).contains($0) } && pixels.max() == 255)
  }
}
