import Foundation
import Testing

@Suite struct DataTests {
  @Test func listsWhatThereIs() throws {
    let json = try Tool.run(["data", "--json"], environment: ["MOULT_CACHE": "/nowhere"]).json()
    #expect(json.map { $0["name"] as? String } == ["digits", "mnist"])
    #expect(json.map { $0["available"] as? Bool } == [true, false])
    #expect(json[1]["path"] as? String == "/nowhere/mnist")
  }

  @Test func theBundledDigitsAreThoseOfMNIST() throws {
    // The counts of the first 10,000 training labels and of all test labels, as published.
    let json = try #require(try Tool.run(["data", "digits", "--json"]).json().first)
    #expect(json["train_counts"] as? [Int] == [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978])
    #expect(json["test_counts"] as? [Int] == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }

  @Test func drawsADigit() throws {
    let lines = try Tool.run(["data", "digits", "--index", "0"]).text.components(separatedBy: "\n")
    let title = try #require(lines.firstIndex(of: "Training image 0, a 5:"))
    let picture = lines[(title + 2)...]
    #expect(picture.contains { $0.contains("@@") })
    #expect(picture.allSatisfy { $0.count <= 56 })
  }

  @Test func withoutAPlaceForDownloadsTheDigitsAreListedAllTheSame() throws {
    let table = try Tool.run(["data"], environment: ["HOME": ""])
    #expect(table.status == 0, "\(table.error)")
    #expect(table.lines.contains { $0.hasPrefix("digits  ") })
    let json = try Tool.run(["data", "--json"], environment: ["HOME": ""]).json()
    #expect(json.map { $0["available"] as? Bool } == [true, false])
    #expect(json.last?["path"] is NSNull)
  }

  @Test func jsonHoldsTheImageThatWasAskedFor() throws {
    let json = try #require(try Tool.run(["data", "digits", "--index", "1", "--json"]).json().first)
    #expect(json["index"] as? Int == 1 && json["label"] as? Int == 0)
    let pixels = try #require(json["pixels"] as? [Int])
    #expect(pixels.count == 784 && pixels.allSatisfy { (0...255).contains($0) } && pixels.max() == 255)
  }
}
