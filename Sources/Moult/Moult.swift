@_exported import MoultCore
@_exported import MoultFormats
@_exported import MoultModels
@_exported import MoultNN
@_exported import MoultTraining
