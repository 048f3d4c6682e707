using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Roc;

/// <summary>
/// What each patient contributes to an area under the ROC curve: the sums over its positives and over its negatives of placement minus area. Variances and
/// covariances of areas follow from them. A placement is the share of the other class that a sample is on the right side of, equal scores counting one
/// half; all of them are read off one ranking.
/// </summary>
/// <remarks>
/// DeLong, DeLong and Clarke-Pearson, Biometrics 44:837, 1988, which is the case of one sample a patient; Obuchowski, Biometrics 53:567, 1997, for several.
/// </remarks>
internal sealed class DeLong
{
    private readonly double[] _positive;
    private readonly double[] _negative;

    private DeLong(double area, double[] positive, double[] negative, int positives, int negatives, int positivePatients, int negativePatients)
    {
        (Area, _positive, _negative) = (area, positive, negative);
        (Positives, Negatives, PositivePatients, NegativePatients) = (positives, negatives, positivePatients, negativePatients);
    }

    /// <summary>The area.</summary>
    public double Area { get; }

    /// <summary>Number of positive samples.</summary>
    public int Positives { get; }

    /// <summary>Number of negative samples.</summary>
    public int Negatives { get; }

    /// <summary>Number of patients with positive samples.</summary>
    public int PositivePatients { get; }

    /// <summary>Number of patients with negative samples.</summary>
    public int NegativePatients { get; }

    /// <summary>The contributions of a set without weights that has samples of both classes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="byPatient">Whether samples of one patient belong together; otherwise each is taken as a patient.</param>
    public static DeLong Of(ScoredSet set, bool byPatient)
    {
        var ranking = set.Ranking;
        var keys = byPatient ? ranking.Patient : ranking.Order;
        var patients = byPatient ? set.PatientCount : set.Count;
        var (positive, negative) = (new double[patients], new double[patients]);
        var (positives, negatives) = (new int[patients], new int[patients]);
        var (positiveCount, negativeCount) = (set.PositiveCount, set.Count - set.PositiveCount);
        var area = set.Counts.Area();
        double positivesAbove = 0, negativesAbove = 0;
        var start = 0;
        foreach (var end in ranking.Ends)
        {
            var tiedPositives = 0;
            for (var rank = start; rank < end; rank++)
                tiedPositives += ranking.Positive[rank];
            double tiedNegatives = end - start - tiedPositives;
            var ofPositive = ((negativeCount - negativesAbove - (tiedNegatives / 2)) / negativeCount) - area;
            var ofNegative = ((positivesAbove + (tiedPositives / 2.0)) / positiveCount) - area;
            for (var rank = start; rank < end; rank++)
            {
                var patient = keys[rank];
                if (ranking.Positive[rank] == 1)
                {
                    positive[patient] += ofPositive;
                    positives[patient]++;
                }
                else
                {
                    negative[patient] += ofNegative;
                    negatives[patient]++;
                }
            }

            (positivesAbove, negativesAbove, start) = (positivesAbove + tiedPositives, negativesAbove + tiedNegatives, end);
        }

        return new DeLong(area, positive, negative, positiveCount, negativeCount, Above0(positives), Above0(negatives));

        static int Above0(int[] counts) => counts.Length - counts.AsSpan().Count(0);
    }

    /// <summary>Why there is no variance; null when there is one.</summary>
    public string? Undefined(bool byPatient) => PositivePatients < 2 ? (byPatient ? Reasons.FewPositivePatients : Reasons.FewPositives)
        : NegativePatients < 2 ? (byPatient ? Reasons.FewNegativePatients : Reasons.FewNegatives)
        : null;

    /// <summary>The contributions to the difference of two areas of the same samples, whose variance is that of the difference.</summary>
    public DeLong Minus(DeLong other) => new(
        Area - other.Area,
        [.. _positive.Zip(other._positive, (mine, theirs) => mine - theirs)],
        [.. _negative.Zip(other._negative, (mine, theirs) => mine - theirs)],
        Positives,
        Negatives,
        PositivePatients,
        NegativePatients);

    /// <summary>Variance of the area: Obuchowski's S10/M + S01/N + 2 S11/(MN), whose last term vanishes where no patient has samples of both classes.</summary>
    public double Variance()
    {
        double positive = 0, negative = 0, both = 0;
        for (var patient = 0; patient < _positive.Length; patient++)
        {
            positive += _positive[patient] * _positive[patient];
            negative += _negative[patient] * _negative[patient];
            both += _positive[patient] * _negative[patient];
        }

        double m = Positives, n = Negatives;
        var ofPositives = positive * Correction(PositivePatients) / (m * m);
        var ofNegatives = negative * Correction(NegativePatients) / (n * n);
        return Math.Max(0, ofPositives + ofNegatives + (2 * both * Correction(_positive.Length) / (m * n)));
    }

    /// <summary>Area ± 1.96 standard errors, cut at 0 and 1.</summary>
    public Interval Symmetric(bool byPatient)
    {
        var method = byPatient ? IntervalMethod.DeLongByPatient : IntervalMethod.DeLong;
        if (Undefined(byPatient) is { } reason)
            return Interval.None(method, reason);
        var half = NormalDistribution.Quantile975 * Math.Sqrt(Variance());
        return half > 0 ? new Interval(method, Math.Max(0, Area - half), Math.Min(1, Area + half)) : Interval.None(method, Reasons.NoVariance);
    }

    /// <summary>The interval by patient on the scale of ln(A/(1−A)), by the delta method: it stays within 0..1 and covers better with few patients.</summary>
    public Interval OnLogit()
    {
        const IntervalMethod Method = IntervalMethod.DeLongByPatientLogit;
        if (Undefined(byPatient: true) is { } reason)
            return Interval.None(Method, reason);
        if (!(Area > 0 && Area < 1))
            return Interval.None(Method, Reasons.Separated);
        var half = NormalDistribution.Quantile975 * Math.Sqrt(Variance()) / (Area * (1 - Area));
        var middle = Math.Log(Area / (1 - Area));
        return half > 0 ? new Interval(Method, Logit.Inverse(middle - half), Logit.Inverse(middle + half)) : Interval.None(Method, Reasons.NoVariance);
    }

    private static double Correction(double count) => count / (count - 1);
}
