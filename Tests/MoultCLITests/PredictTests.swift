import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct PredictTests {
  private func rows(_ folder: String, _ options: [String] = []) throws -> [[String]] {
    let result = try Tool.run(["predict", "run", "data.npz", "--samples", "2"] + options, folder: folder)
    expectEqual(result.status, 0, "\(result.error)")
    return result.lines.map { $0.split(separator: ",").map(String.init) }
  }

  @Test func arraysOfAQuantityArePredictedInItsUnit() throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.quantities]) { folder, _ in
      let table = try rows(folder)
      try #require(table.first == ["row", "mean", "deviation", "lower", "upper"] && table.count == 41)
      for row in table.dropFirst() {
        let mean = try unwrapped(Double(row[1])), deviation = try unwrapped(Double(row[2]))
        expectTrue((950...1090).contains(mean) && (0.1...100).contains(deviation), "\(row)")
      }
    }
  }

  @Test func everyOutputHasAColumn() throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.classes], ["--model", "3-8-5"]) { folder, _ in
      let table = try rows(folder)
      expectEqual(table.first?.suffix(5), ["p_0", "p_1", "p_2", "p_output_3", "p_output_4"])
      expectTrue(table.count == 41 && table.allSatisfy { $0.count == 10 })
    }
  }

  @Test func aFileOfOldCountsItsClasses() throws {
    try SampleArrays.withRun(["x": SampleArrays.inputs, "y": SampleArrays.classes]) { folder, _ in
      let path = folder + "/run/model.safetensors"
      let (tensors, kept) = try SafeTensors.read(path)
      var metadata = kept
      let known = try rows(folder)
      (metadata["moult.task"], metadata["moult.data"]) = (nil, nil)
      try SafeTensors.write(tensors, metadata: metadata, to: path)
      try expectEqual(rows(folder), known)
      let evaluated = try Tool.run(["evaluate", "run", "data.npz"], folder: folder)
      expectTrue(
        evaluated.status == 0 && evaluated.error.contains("does not say whether the network learned"),
        "\(evaluated.error)")
      for (key, text) in [("moult.task", "{\"kind\":\"regression\"}"), ("moult.data", "{}")] {
        var damaged = metadata
        damaged[key] = text
        try SafeTensors.write(tensors, metadata: damaged, to: path)
        try expectEqual(Tool.run(["predict", "run", "data.npz"], folder: folder).status, 65)
      }
    }
  }

  #if Images
    @Test func foldersNameTheClasses() throws {
      var root = URL(fileURLWithPath: #filePath)
      while root.lastPathComponent != "Tests" { root.deleteLastPathComponent() }
      let image = root.appendingPathComponent("Reference/images/gray.png")
      try Tool.withFolder { folder in
        for (set, names) in [("images", ["cat", "dog"]), ("others", ["dog", "emu"])] {
          for name in names {
            let path = "\(folder)/\(set)/\(name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for number in 0..<5 {
              try FileManager.default.copyItem(at: image, to: URL(fileURLWithPath: "\(path)/\(number).png"))
            }
          }
        }
        let trained = try Tool.run(
          ["train", "images", "--epochs", "1", "--image-size", "4x3", "--no-report", "--out", "run"], folder: folder)
        expectEqual(trained.status, 0, "\(trained.error)")
        let answer = try Tool.run(["predict", "run", "images", "--samples", "0"], folder: folder)
        expectTrue(answer.lines.first?.hasSuffix("p_cat,p_dog") == true && answer.lines.count == 11, "\(answer.error)")
        let evaluated = try Tool.run(["evaluate", "run", "images", "--json"], folder: folder)
        try expectTrue(evaluated.json().first?["samples"] as? Int == 2, "\(evaluated.error)")
        // By their names: "dog" is class 0 there, and class 1 of the model.
        let other = try unwrapped(try Tool.run(["evaluate", "run", "others", "--json"], folder: folder).json().first)
        expectTrue(other["samples"] as? Int == 5 && other["unknown"] as? Int == 5)
      }
    }
  #endif
}
