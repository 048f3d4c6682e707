using System.Collections.Immutable;
using System.Globalization;
using Mammo.Data.Images;

namespace Mammo.Data.Examination;

/// <summary>What images look like as a set: what a network was trained on. It is in the model's card.</summary>
public sealed record InputProfile
{
    /// <summary>Images that were looked at.</summary>
    public int Count { get; init; }

    /// <summary>They are patches, of which side, marks and greys say nothing.</summary>
    public bool ArePatches { get; init; }

    /// <summary>Of those from DICOM files, which values were shown, with the number of images.</summary>
    public ImmutableSortedDictionary<string, int> VoiUsed { get; init; } = None;

    /// <summary>Bit depths, with the number of images.</summary>
    public ImmutableSortedDictionary<string, int> BitDepths { get; init; } = None;

    /// <summary>Manufacturers of the equipment where they are known, with the number of images.</summary>
    public ImmutableSortedDictionary<string, int> Manufacturers { get; init; } = None;

    /// <summary>Projections where they are known, with the number of images.</summary>
    public ImmutableSortedDictionary<string, int> Views { get; init; } = None;

    /// <summary>Images whose chest wall is certainly at the left.</summary>
    public int AtLeft { get; init; }

    /// <summary>Images whose chest wall is certainly at the right.</summary>
    public int AtRight { get; init; }

    /// <summary>Images with labels, markers or edges of the film beside the breast.</summary>
    public int WithMarks { get; init; }

    /// <summary>Images that look inverted.</summary>
    public int Inverted { get; init; }

    /// <summary>Rows of the lowest image.</summary>
    public int LowestHeight { get; init; }

    /// <summary>Rows of the highest image.</summary>
    public int HighestHeight { get; init; }

    /// <summary>Smallest quotient of rows and columns.</summary>
    public double LowestAspect { get; init; }

    /// <summary>Largest quotient of rows and columns.</summary>
    public double HighestAspect { get; init; }

    /// <summary>Mean of the images' <see cref="FilmLook.Greys"/>; empty when unknown.</summary>
    public ImmutableArray<double> Greys { get; init; } = [];

    /// <summary>The distance from <see cref="Greys"/> within which 95% of the images are, in grey levels.</summary>
    public double GreyDistance { get; init; }

    private static ImmutableSortedDictionary<string, int> None { get; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sums up what is known of images.</summary>
    /// <param name="images">The images; at least one.</param>
    /// <param name="arePatches">They are patches.</param>
    public static InputProfile Of(IReadOnlyList<InputFacts> images, bool arePatches = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageSize[] sizes = [.. images.Select(image => image.Film.Size)];
        var profile = new InputProfile
        {
            Count = images.Count,
            ArePatches = arePatches,
            VoiUsed = Table(images.Select(image => image.Film.VoiUsed)),
            BitDepths = Table(images.Select(image => image.Film.BitDepth.ToString(CultureInfo.InvariantCulture))),
            Manufacturers = Table(images.Select(image => image.Manufacturer)),
            Views = Table(images.Select(image => image.View)),
            LowestHeight = sizes.Min(size => size.Height),
            HighestHeight = sizes.Max(size => size.Height),
            LowestAspect = sizes.Min(size => (double)size.Height / size.Width),
            HighestAspect = sizes.Max(size => (double)size.Height / size.Width),
        };
        if (arePatches)
            return profile;
        ImmutableArray<double>[] greys = [.. images.Select(image => image.Look.Greys).Where(shares => !shares.IsEmpty)];
        ImmutableArray<double> mean = greys.Length == 0 ? [] : [.. Enumerable.Range(0, FilmLook.Steps).Select(step => greys.Average(shares => shares[step]))];
        double[] distances = [.. greys.Select(shares => FilmLook.Distance(shares, mean)).Order()];
        return profile with
        {
            AtLeft = images.Count(image => image.Look.IsAtRight == false),
            AtRight = images.Count(image => image.Look.IsAtRight == true),
            WithMarks = images.Count(image => image.Look.HasMarks),
            Inverted = images.Count(image => image.Film.LooksInverted),
            Greys = mean,
            GreyDistance = distances.Length == 0 ? 0 : distances[(int)Math.Ceiling(0.95 * distances.Length) - 1],
        };
    }

    /// <summary>
    /// What networks were trained on that are one ensemble: an image counts as often as it is in the profiles, the means of the greys are weighted by their
    /// images, and the widest of the distances holds.
    /// </summary>
    /// <param name="profiles">Those of the networks, of networks with the same training images that of one; at least one.</param>
    public static InputProfile Join(IReadOnlyList<InputProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        InputProfile[] grey = [.. profiles.Where(profile => !profile.Greys.IsDefaultOrEmpty)];
        var weight = grey.Sum(profile => (double)profile.Count);
        return new InputProfile
        {
            Count = profiles.Sum(profile => profile.Count),
            ArePatches = profiles.All(profile => profile.ArePatches),
            VoiUsed = Sum(profile => profile.VoiUsed),
            BitDepths = Sum(profile => profile.BitDepths),
            Manufacturers = Sum(profile => profile.Manufacturers),
            Views = Sum(profile => profile.Views),
            AtLeft = profiles.Sum(profile => profile.AtLeft),
            AtRight = profiles.Sum(profile => profile.AtRight),
            WithMarks = profiles.Sum(profile => profile.WithMarks),
            Inverted = profiles.Sum(profile => profile.Inverted),
            LowestHeight = profiles.Min(profile => profile.LowestHeight),
            HighestHeight = profiles.Max(profile => profile.HighestHeight),
            LowestAspect = profiles.Min(profile => profile.LowestAspect),
            HighestAspect = profiles.Max(profile => profile.HighestAspect),
            Greys = weight == 0
                ? []
                : [.. Enumerable.Range(0, FilmLook.Steps).Select(step => grey.Sum(profile => profile.Count * profile.Greys[step]) / weight)],
            GreyDistance = grey.Select(profile => profile.GreyDistance).DefaultIfEmpty().Max(),
        };

        ImmutableSortedDictionary<string, int> Sum(Func<InputProfile, ImmutableSortedDictionary<string, int>> table) =>
            None.AddRange(profiles.SelectMany(table).GroupBy(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase)
                .Select(group => KeyValuePair.Create(group.Key, group.Sum())));
    }

    private static ImmutableSortedDictionary<string, int> Table(IEnumerable<string?> texts) =>
        None.AddRange(texts.OfType<string>().CountBy(text => text, StringComparer.OrdinalIgnoreCase));
}
