using Mammo.Data.Images;

namespace Mammo.Networks.Architectures;

/// <summary>What a network that can be built costs.</summary>
/// <param name="Architecture">Name of the body.</param>
/// <param name="Recipe">Name of the head recipe; null for the patch network.</param>
/// <param name="Description">One line.</param>
/// <param name="Layers">Number of layers, nested ones included.</param>
/// <param name="Parameters">Number of weight values, moving statistics included; five patch classes, two image classes.</param>
/// <param name="MultiplyAdds">Multiply-adds of one image of that size.</param>
/// <param name="ImageSize">The size.</param>
public sealed record ArchitectureSummary(
    string Architecture, string? Recipe, string Description, int Layers, long Parameters, long MultiplyAdds, ImageSize ImageSize);
