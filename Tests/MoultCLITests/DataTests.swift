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
}
