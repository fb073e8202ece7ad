import Foundation
import Moult
import Testing

@Suite struct InspectTests {
  private func inspect(_ tensors: [String: Tensor], _ options: [String] = []) throws -> Tool.Result {
    try Tool.withFolder { folder in
      try SafeTensors.write(tensors, metadata: ["made by": "a test"], to: folder + "/m.safetensors")
      return try Tool.run(["inspect", folder + "/m.safetensors"] + options)
    }
  }

  @Test func showsWhatIsInAFile() throws {
    let result = try inspect(["layer.weight": Tensor([[1, -2], [0.5, 8]]), "layer.bias": Tensor([0.25])])
    #expect(result.status == 0)
    #expect(
      result.lines == [
        "tensor        type  shape   parameters     min     max    mean  NaN  inf",
        "layer.bias    F32   [1]              1  0.2500  0.2500  0.2500    0    0",
        "layer.weight  F32   [2, 2]           4  -2.000   8.000   1.875    0    0",
        "2 tensors, 5 parameters, 20 bytes",
        "made by: a test",
      ])
  }

  @Test func countsWhatIsNotFiniteApart() throws {
    let json = try inspect(["x": Tensor([.nan, 1, .infinity, -.infinity, 3])], ["--json"]).json()
    #expect(json[0]["nan"] as? Int == 1)
    #expect(json[0]["infinite"] as? Int == 2)
    #expect(json[0]["min"] as? Double == 1 && json[0]["max"] as? Double == 3 && json[0]["mean"] as? Double == 2)
    #expect(json[1]["event"] as? String == "file")
    #expect(json[1]["parameters"] as? Int == 5)
    #expect((json[1]["metadata"] as? [String: String]) == ["made by": "a test"])
  }

  @Test func emptyTensorsHaveNoStatistics() throws {
    let result = try inspect(["nothing": Tensor([Float](), shape: [0, 3])])
    #expect(result.lines[1].hasPrefix("nothing  F32   [0, 3]           0    -    -     -"))
  }
}
