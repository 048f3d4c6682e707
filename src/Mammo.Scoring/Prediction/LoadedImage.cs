using System.Collections.Immutable;
using Mammo.Data.Examination;
using Mammo.Data.Images;
using Mammo.Data.Preparations;

namespace Mammo.Scoring.Prediction;

/// <summary>A decoded image, prepared in every way that the run's models need, with its flips.</summary>
/// <param name="Film">What the image says of itself.</param>
/// <param name="Prepared">One per preparation.</param>
/// <param name="Flips">For each preparation the planes that are scored and averaged: as it is, and the three flips when asked for.</param>
internal sealed record LoadedImage(FilmFacts Film, ImmutableArray<PreparedImage> Prepared, ImmutableArray<ImmutableArray<float[]>> Flips)
{
    /// <summary>Prepares an image and adds the flips.</summary>
    public static LoadedImage Of(GreyImage stored, IEnumerable<Preparation> preparations, bool augment)
    {
        ImmutableArray<PreparedImage> prepared = [.. preparations.Select(preparation => preparation.Apply(stored))];
        return new(FilmFacts.Of(stored), prepared, [.. prepared.Select(image => Planes(image.Plane, augment))]);
    }

    private static ImmutableArray<float[]> Planes(Plane plane, bool augment) => augment
        ? [plane.Values, Flip(plane, true, false), Flip(plane, false, true), Flip(plane, true, true)]
        : [plane.Values];

    private static float[] Flip(Plane plane, bool horizontal, bool vertical) => plane.Flip(horizontal, vertical).Values;
}
