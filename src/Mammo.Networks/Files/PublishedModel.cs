namespace Mammo.Networks.Files;

/// <summary>A published whole-image model.</summary>
/// <param name="FileName">Name of its file.</param>
/// <param name="Database">Images that it was trained on.</param>
/// <param name="FeaturewiseMean">Mean of its training images on the 0..255 scale.</param>
public sealed record PublishedModel(string FileName, string Database, double FeaturewiseMean);
