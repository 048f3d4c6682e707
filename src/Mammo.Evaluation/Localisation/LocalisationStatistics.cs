using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Localisation;

/// <summary>What is computed from marks and lesions.</summary>
public enum LocalisationStatistic
{
    /// <summary>Highest share of lesions found with at most half a false mark an image.</summary>
    SensitivityAtHalf,

    /// <summary>The same with at most one false mark an image.</summary>
    SensitivityAtOne,

    /// <summary>The same with at most two.</summary>
    SensitivityAtTwo,

    /// <summary>
    /// Pointing game: share of the images with lesions whose highest mark is on one (Zhang and others, ECCV 2016). A false mark that is as high spoils it.
    /// </summary>
    PointingGame,

    /// <summary>
    /// Figure of merit of JAFROC: probability that a lesion is marked higher than the highest false mark of a normal image; what is not marked ranks below
    /// all marks, equal ones count one half (Chakraborty and Berbaum, Medical Physics 31:2313, 2004).
    /// </summary>
    Jafroc,

    /// <summary>
    /// The same with the lesions of an image weighing 1 together, so that images with many do not dominate: the area under the weighted AFROC curve.
    /// </summary>
    WeightedJafroc,

    /// <summary>The figure of merit with the highest false marks of all images, for sets without normal ones: JAFROC1.</summary>
    JafrocAllImages,
}

/// <summary>All statistics of a localised set, for the set itself and for draws of its patients.</summary>
internal sealed class LocalisationStatistics
{
    /// <summary>Number of statistics.</summary>
    public static readonly int Count = Enum.GetValues<LocalisationStatistic>().Length;

    private readonly LocalisedSet _set;
    private readonly RocCounts _froc;
    private readonly RocCounts _jafroc;
    private readonly RocCounts _weighted;
    private readonly RocCounts _all;

    public LocalisationStatistics(LocalisedSet set)
    {
        (_set, _froc, _jafroc) = (set, new RocCounts(set.Froc), new RocCounts(set.Jafroc));
        (_weighted, _all) = (new RocCounts(set.WeightedJafroc), new RocCounts(set.JafrocAll));
    }

    /// <summary>Computes every statistic, and the sensitivity at rates of false marks.</summary>
    /// <param name="draws">How many times each patient was drawn; empty for once each.</param>
    /// <param name="rates">False marks an image at which sensitivities are wanted besides.</param>
    /// <param name="values">One value for each <see cref="LocalisationStatistic"/> and then for each rate; NaN where it is undefined.</param>
    public void Compute(ReadOnlySpan<int> draws, ReadOnlySpan<double> rates, Span<double> values)
    {
        _froc.Fill(draws);
        _jafroc.Fill(draws);
        _weighted.Fill(draws);
        _all.Fill(draws);
        var (images, diseased, hits) = Pointing(draws);
        values[(int)LocalisationStatistic.SensitivityAtHalf] = Sensitivity(0.5, images);
        values[(int)LocalisationStatistic.SensitivityAtOne] = Sensitivity(1, images);
        values[(int)LocalisationStatistic.SensitivityAtTwo] = Sensitivity(2, images);
        values[(int)LocalisationStatistic.PointingGame] = diseased > 0 ? hits / diseased : double.NaN;
        values[(int)LocalisationStatistic.Jafroc] = _jafroc.Area();
        values[(int)LocalisationStatistic.WeightedJafroc] = _weighted.Area();
        values[(int)LocalisationStatistic.JafrocAllImages] = _all.Area();
        for (var i = 0; i < rates.Length; i++)
            values[Count + i] = Sensitivity(rates[i], images);
    }

    /// <summary>Why a statistic has no value; null when it has one.</summary>
    public string? Undefined(LocalisationStatistic statistic) => _set.LesionCount == 0 ? "there are no lesions"
        : statistic is LocalisationStatistic.Jafroc or LocalisationStatistic.WeightedJafroc && _set.NormalCount == 0 ? "there are no images without lesions"
        : null;

    /// <summary>Number of images, of those with lesions, and of those whose highest mark is on a lesion.</summary>
    public (double Images, double Diseased, double Hits) Pointing(ReadOnlySpan<int> draws)
    {
        double images = 0, diseased = 0, hits = 0;
        for (var image = 0; image < _set.ImageCount; image++)
        {
            var times = draws.IsEmpty ? 1 : draws[_set.Patients[image]];
            images += times;
            if (_set.Lesions[image] == 0)
                continue;
            diseased += times;
            hits += _set.HighestHit[image] > _set.HighestFalse[image] ? times : 0;
        }

        return (images, diseased, hits);
    }

    private double Sensitivity(double rate, double images)
    {
        if (!(_froc.Positives > 0))
            return double.NaN;
        // The last point with at most so many false marks; the last run, if of lesions without a mark, is none.
        var (low, high) = (0, _froc.True.Length - (double.IsNegativeInfinity(_set.Froc.Ranking.Lowest) ? 2 : 1));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_froc.False[middle] <= rate * images)
                low = middle;
            else
                high = middle - 1;
        }

        return _froc.True[low] / _froc.Positives;
    }
}
