import MoultCore
import MoultTestSupport
import Testing

/// The texts between `Tensor(` and `)` are NumPy 2.4.6's, from
/// `numpy.array2string(x, precision=4, suppress_small=True, separator=", ", prefix="Tensor(")`, but for truth values
/// (Swift's `true` for `True`) and numbers that need an exponent (four decimals always, where NumPy drops zeros).
@Suite struct TensorDescriptionTests {
  @Test func vectors() {
    expectEqual(Tensor([1, 2, 3]).description, "Tensor([1., 2., 3.])")
    expectEqual(Tensor([1.5, 2.25, -3.125]).description, "Tensor([ 1.5  ,  2.25 , -3.125])")
    expectEqual(Tensor([1 / 3, 2 / 3]).description, "Tensor([0.3333, 0.6667])")
    expectEqual(Tensor([-0.0, 0.5]).description, "Tensor([-0. ,  0.5])")
    expectEqual(Tensor(2.5).description, "Tensor(2.5)")
  }

  @Test func matricesAndBlocksLineUp() {
    expectEqual(
      Tensor([[0.12345, 1], [22.5, -3]]).description, "Tensor([[ 0.1235,  1.    ],\n        [22.5   , -3.    ]])")
    expectEqual(
      Tensor.arange(8).reshaped([2, 2, 2]).description,
      "Tensor([[[0., 1.],\n         [2., 3.]],\n\n        [[4., 5.],\n         [6., 7.]]])")
    expectEqual(
      (Tensor.arange(24).reshaped([2, 3, 4]) / 8).description,
      """
      Tensor([[[0.   , 0.125, 0.25 , 0.375],
               [0.5  , 0.625, 0.75 , 0.875],
               [1.   , 1.125, 1.25 , 1.375]],

              [[1.5  , 1.625, 1.75 , 1.875],
               [2.   , 2.125, 2.25 , 2.375],
               [2.5  , 2.625, 2.75 , 2.875]]])
      """)
  }

  @Test func viewsPrintTheirElements() {
    expectEqual(Tensor([[1, 2], [3, 4]]).transposed().description, "Tensor([[1., 3.],\n        [2., 4.]])")
    expectEqual(Tensor([[1, 2], [3, 4]])[1].description, "Tensor([3., 4.])")
  }

  @Test func otherTypesSayWhatTheyAre() {
    expectEqual(
      Tensor([1, -20, 300, 4] as [Int32], shape: [2, 2]).description, "Tensor([[  1, -20],\n        [300,   4]], int32)"
    )
    expectEqual(Tensor([0, 255] as [UInt8], shape: [2]).description, "Tensor([  0, 255], uint8)")
    expectEqual(Tensor([true, false], shape: [1, 2]).description, "Tensor([[ true, false]], bool)")
    expectEqual(Tensor([1e-4, 5e-3] as [Double], shape: [2]).description, "Tensor([0.0001, 0.005 ], float64)")
    expectEqual(Tensor.zeros([0, 3]).description, "Tensor([], shape: [0, 3], float32)")
  }

  @Test func numbersThatAreNone() {
    expectEqual(Tensor([.nan, .infinity, -.infinity, 1.5]).description, "Tensor([ nan,  inf, -inf,  1.5])")
    expectEqual(Tensor([.nan, .nan]).description, "Tensor([nan, nan])")
  }

  @Test func exponentsWhereDecimalsWouldNotDo() {
    expectEqual(Tensor([1.23456e-10, -5.4e-5]).description, "Tensor([ 1.2346e-10, -5.4000e-05])")
    expectEqual(Tensor([1e20, -1.5]).description, "Tensor([ 1.0000e+20, -1.5000e+00])")
    expectEqual(Tensor([9.99996e10, 0]).description, "Tensor([1.0000e+11, 0.0000e+00])")
    expectEqual(Tensor([-9.99999e-9]).description, "Tensor([-1.0000e-08])")
    expectEqual(Tensor([.leastNonzeroMagnitude]).description, "Tensor([1.4013e-45])")
    expectEqual(Tensor([3.4028235e38]).description, "Tensor([3.4028e+38])")
    expectEqual(Tensor([12_345_678, 0.5]).description, "Tensor([12345678. ,        0.5])")
  }

  @Test func longAxesAreCutInTheMiddle() {
    expectEqual(Tensor.arange(1001).description, "Tensor([   0.,    1.,    2., ...,  998.,  999., 1000.])")
    expectTrue(!Tensor.arange(1000).description.contains("..."))
    let lines = Tensor.arange(1200).reshaped([30, 40]).description.split(separator: "\n")
    expectTrue(lines.count == 7 && lines[3] == "        ..." + ",")
    expectEqual(lines[0], "Tensor([[   0.,    1.,    2., ...,   37.,   38.,   39.],")
    expectEqual(lines[6], "        [1160., 1161., 1162., ..., 1197., 1198., 1199.]])")
    expectEqual(
      Tensor.zeros([2, 2000]).description,
      "Tensor([[0., 0., 0., ..., 0., 0., 0.],\n        [0., 0., 0., ..., 0., 0., 0.]])")
  }
}
