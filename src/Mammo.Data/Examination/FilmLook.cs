using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Segmentation;

namespace Mammo.Data.Examination;

/// <summary>What an image shows, as far as a network notices it: on which side the breast is, what is beside it, and its greys.</summary>
public sealed record FilmLook
{
    /// <summary>Steps of <see cref="Greys"/> from black to white.</summary>
    public const int Steps = 64;

    // A label is about a hundredth of a film, a marker some thousandths.
    private const double LeastMarks = 0.001;

    /// <summary>The chest wall is at the right; null where that is not certain.</summary>
    public bool? IsAtRight { get; init; }

    /// <summary>There is something bright beside the breast: labels, markers, edges of the film.</summary>
    public bool HasMarks { get; init; }

    /// <summary>
    /// Shares of the breast's greys, in <see cref="Steps"/> equal steps from black to white after the preparation's scaling; empty where no breast is found, or
    /// the preparation makes all distributions the same (equalisation, local contrast).
    /// </summary>
    public ImmutableArray<double> Greys { get; init; } = [];

    /// <summary>Looks at a film.</summary>
    /// <param name="small">The film as it was read, shrunk.</param>
    /// <param name="film">What it says of itself.</param>
    /// <param name="preparation">How it is prepared.</param>
    internal static FilmLook Of(SmallImage small, FilmFacts film, Preparation preparation)
    {
        if (BreastFinder.Find(small) is not var (breast, _, isInverted))
            return new FilmLook();
        return new FilmLook
        {
            IsAtRight = ChestWall.Find(breast),
            HasMarks = Marks(small, breast, isInverted) > LeastMarks * breast.Pixels.Length,
            Greys = preparation.EqualizeHistogram || preparation.LocalContrast is not null ? [] : Histogram(small, breast, film, preparation),
        };
    }

    /// <summary>
    /// How far apart two distributions are: the mean distance in grey levels (of 255) by which one must be moved to become the other (earth mover's distance).
    /// </summary>
    /// <param name="first">Shares of <see cref="Steps"/> steps.</param>
    /// <param name="second">Those of the other.</param>
    public static double Distance(ImmutableArray<double> first, ImmutableArray<double> second)
    {
        double difference = 0, sum = 0;
        for (var step = 0; step < Math.Min(first.Length, second.Length); step++)
        {
            difference += first[step] - second[step];
            sum += Math.Abs(difference);
        }

        return sum * byte.MaxValue / Steps;
    }

    // Brighter than the breast is on average, so that the fringe of the skin does not count.
    private static int Marks(SmallImage small, Mask breast, bool isInverted)
    {
        var sign = isInverted ? -1 : 1;
        var mean = small.Values.Where((_, at) => breast.Pixels[at]).Average() * sign;
        return small.Values.Where((value, at) => !breast.Pixels[at] && value * sign > mean).Count();
    }

    private static ImmutableArray<double> Histogram(SmallImage small, Mask breast, FilmFacts film, Preparation preparation)
    {
        var (counts, all) = (new double[Steps], breast.Count);
        for (var at = 0; at < breast.Pixels.Length; at++)
        {
            if (breast.Pixels[at])
                counts[Math.Clamp((int)(film.Scaled(preparation, small.Values[at]) / preparation.Top * Steps), 0, Steps - 1)] += 1.0 / all;
        }

        return [.. counts];
    }
}
