using System.Collections.Immutable;

namespace Mammo.Evaluation.Localisation;

/// <summary>A place that a model marked.</summary>
/// <param name="Score">How suspicious it is; finite, higher meaning more.</param>
/// <param name="Lesion">Number of the lesion that it hits, from 0; null when it hits none, a false positive.</param>
public readonly record struct Mark(double Score, int? Lesion);

/// <summary>The marks of one image beside its lesions.</summary>
/// <param name="Id">Name of the image, for messages.</param>
/// <param name="Patient">Its patient; null when unknown.</param>
/// <param name="Lesions">Number of its lesions; 0 for a normal image.</param>
/// <param name="Marks">The marks, in any order. Of several on one lesion the highest counts.</param>
public sealed record LocalisedImage(string Id, string? Patient, int Lesions, ImmutableArray<Mark> Marks);
