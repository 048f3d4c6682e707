using System.Collections.Immutable;
using Mammo.Data.Images;

namespace Mammo.Scoring;

/// <summary>A decoded image, prepared in every way that the run's models need, with its flips.</summary>
/// <param name="Prepared">One per preparation.</param>
/// <param name="Flips">For each preparation the planes that are scored and averaged: as it is, and the three flips when asked for.</param>
internal sealed record LoadedImage(ImmutableArray<PreparedImage> Prepared, ImmutableArray<ImmutableArray<float[]>> Flips)
{
    /// <summary>Adds the flips.</summary>
    public static LoadedImage Of(ImmutableArray<PreparedImage> prepared, bool augment) => new(prepared, [.. prepared.Select(image => Planes(image.Plane, augment))]);

    private static ImmutableArray<float[]> Planes(Plane plane, bool augment) => augment
        ? [plane.Values, Flip(plane, true, false), Flip(plane, false, true), Flip(plane, true, true)]
        : [plane.Values];

    private static float[] Flip(Plane plane, bool horizontal, bool vertical) => Framing.Flip(plane.Values, plane.Width, horizontal, vertical);
}
