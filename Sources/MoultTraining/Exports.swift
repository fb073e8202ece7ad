// Programs that import MoultTraining also use the file formats of MoultFormats.
@_exported import MoultFormats
