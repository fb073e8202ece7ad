import MoultCore
import Testing

/// The texts between `Tensor(` and `)` are NumPy 2.4.6's, from
/// `numpy.array2string(x, precision=4, suppress_small=True, separator=", ", prefix="Tensor(")`, but for truth values
/// (Swift's `true` for `True`) and numbers that need an exponent (four decimals always, where NumPy drops zeros).
@Suite struct TensorDescriptionTests {
  @Test func vectors() {
    #expect(Tensor([1, 2, 3]).description == "Tensor([1., 2., 3.])")
    #expect(Tensor([1.5, 2.25, -3.125]).description == "Tensor([ 1.5  ,  2.25 , -3.125])")
    #expect(Tensor([1 / 3, 2 / 3]).description == "Tensor([0.3333, 0.6667])")
    #expect(Tensor([-0.0, 0.5]).description == "Tensor([-0. ,  0.5])")
    #expect(Tensor(2.5).description == "Tensor(2.5)")
  }

  @Test func matricesAndBlocksLineUp() {
    #expect(
      Tensor([[0.12345, 1], [22.5, -3]]).description == "Tensor([[ 0.1235,  1.    ],\n        [22.5   , -3.    ]])")
    #expect(
      Tensor.arange(8).reshaped([2, 2, 2]).description
        == "Tensor([[[0., 1.],\n         [2., 3.]],\n\n        [[4., 5.],\n         [6., 7.]]])")
    #expect(
      (Tensor.arange(24).reshaped([2, 3, 4]) / 8).description
        == """
        Tensor([[[0.   , 0.125, 0.25 , 0.375],
                 [0.5  , 0.625, 0.75 , 0.875],
                 [1.   , 1.125, 1.25 , 1.375]],

                [[1.5  , 1.625, 1.75 , 1.875],
                 [2.   , 2.125, 2.25 , 2.375],
                 [2.5  , 2.625, 2.75 , 2.875]]])
        """)
  }

  @Test func viewsPrintTheirElements() {
    #expect(Tensor([[1, 2], [3, 4]]).transposed().description == "Tensor([[1., 3.],\n        [2., 4.]])")
    #expect(Tensor([[1, 2], [3, 4]])[1].description == "Tensor([3., 4.])")
  }

  @Test func otherTypesSayWhatTheyAre() {
    #expect(
      Tensor([1, -20, 300, 4] as [Int32], shape: [2, 2]).description
        == "Tensor([[  1, -20],\n        [300,   4]], int32)")
    #expect(Tensor([0, 255] as [UInt8], shape: [2]).description == "Tensor([  0, 255], uint8)")
    #expect(Tensor([true, false], shape: [1, 2]).description == "Tensor([[ true, false]], bool)")
    #expect(Tensor([1e-4, 5e-3] as [Double], shape: [2]).description == "Tensor([0.0001, 0.005 ], float64)")
    #expect(Tensor.zeros([0, 3]).description == "Tensor([], shape: [0, 3], float32)")
  }

  @Test func numbersThatAreNone() {
    #expect(Tensor([.nan, .infinity, -.infinity, 1.5]).description == "Tensor([ nan,  inf, -inf,  1.5])")
    #expect(Tensor([.nan, .nan]).description == "Tensor([nan, nan])")
  }

  @Test func exponentsWhereDecimalsWouldNotDo() {
    #expect(Tensor([1.23456e-10, -5.4e-5]).description == "Tensor([ 1.2346e-10, -5.4000e-05])")
    #expect(Tensor([1e20, -1.5]).description == "Tensor([ 1.0000e+20, -1.5000e+00])")
    #expect(Tensor([9.99996e10, 0]).description == "Tensor([1.0000e+11, 0.0000e+00])")
    #expect(Tensor([-9.99999e-9]).description == "Tensor([-1.0000e-08])")
    #expect(Tensor([.leastNonzeroMagnitude]).description == "Tensor([1.4013e-45])")
    #expect(Tensor([3.4028235e38]).description == "Tensor([3.4028e+38])")
    #expect(Tensor([12_345_678, 0.5]).description == "Tensor([12345678. ,        0.5])")
  }

  @Test func longAxesAreCutInTheMiddle() {
    #expect(Tensor.arange(1001).description == "Tensor([   0.,    1.,    2., ...,  998.,  999., 1000.])")
    #expect(!Tensor.arange(1000).description.contains("..."))
    let lines = Tensor.arange(1200).reshaped([30, 40]).description.split(separator: "\n")
    #expect(lines.count == 7 && lines[3] == "        ..." + ",")
    #expect(lines[0] == "Tensor([[   0.,    1.,    2., ...,   37.,   38.,   39.],")
    #expect(lines[6] == "        [1160., 1161., 1162., ..., 1197., 1198., 1199.]])")
    #expect(
      Tensor.zeros([2, 2000]).description
        == "Tensor([[0., 0., 0., ..., 0., 0., 0.],\n        [0., 0., 0., ..., 0., 0., 0.]])")
  }
}
