using System.Globalization;

namespace Mammo.Evaluation.Sets;

/// <summary>Samples with a score and a known class, by column: what every statistic is computed from. Immutable; its ranking is computed once.</summary>
public sealed class ScoredSet
{
    private readonly string[]? _ids;
    private readonly Lazy<Ranking> _ranking;
    private readonly Lazy<RocCounts> _counts;

    private ScoredSet(double[] scores, bool[] positives, double[]? weights, int[]? patients, int[]? breasts, string[]? ids)
    {
        (ScoreArray, PositiveArray, WeightArray, PatientArray, BreastArray, _ids) = (scores, positives, weights, patients ?? Own(scores.Length), breasts, ids);
        HasPatients = patients is not null;
        PositiveCount = positives.AsSpan().Count(true);
        PatientCount = CountOf(patients) ?? scores.Length;
        ImageCount = scores.Length;
        BreastCount = CountOf(breasts);
        _ranking = new(() => new Ranking(this));
        _counts = new(() => RocCounts.Of(this));
    }

    /// <summary>What one sample is.</summary>
    public EvaluationUnit Unit { get; private init; } = EvaluationUnit.Image;

    /// <summary>Number of samples.</summary>
    public int Count => ScoreArray.Length;

    /// <summary>Number of samples of the positive class.</summary>
    public int PositiveCount { get; }

    /// <summary>Number of images from which the samples were made.</summary>
    public int ImageCount { get; private init; }

    /// <summary>Number of breasts; null when the sides are not known.</summary>
    public int? BreastCount { get; private init; }

    /// <summary>Number of patients; that of the images when <see cref="HasPatients"/> is false.</summary>
    public int PatientCount { get; private init; }

    /// <summary>Whether the samples' patients are known. If not, each image counts as a patient of its own.</summary>
    public bool HasPatients { get; }

    /// <summary>Whether the samples have weights other than 1.</summary>
    public bool IsWeighted => WeightArray is not null;

    /// <summary>Whether all scores lie in 0..1.</summary>
    public bool AreProbabilities => Ranking.Lowest >= 0 && Ranking.Highest <= 1;

    /// <summary>One score per sample, higher meaning more positive; finite.</summary>
    public ReadOnlySpan<double> Scores => ScoreArray;

    /// <summary>Whether each sample is positive.</summary>
    public ReadOnlySpan<bool> Positives => PositiveArray;

    /// <summary>Weight of each sample, ≥ 0; empty for 1 each.</summary>
    public ReadOnlySpan<double> Weights => WeightArray;

    /// <summary>Number of each sample's patient, 0..<see cref="PatientCount"/>−1.</summary>
    public ReadOnlySpan<int> Patients => PatientArray;

    internal double[] ScoreArray { get; }

    internal bool[] PositiveArray { get; }

    internal double[]? WeightArray { get; }

    internal int[] PatientArray { get; }

    internal int[]? BreastArray { get; }

    internal Ranking Ranking => _ranking.Value;

    internal RocCounts Counts => _counts.Value;

    internal bool HasIds => _ids is not null;

    /// <summary>Why a statistic of two classes is undefined; null when there are samples, with weight, of both.</summary>
    internal string? OneClass => Count == 0 ? Reasons.Empty
        : !(Ranking.Positives > 0) ? Reasons.NoPositives
        : !(Ranking.Negatives > 0) ? Reasons.NoNegatives
        : null;

    /// <summary>Makes a set; the columns are copied.</summary>
    /// <param name="scores">One score per sample, higher meaning more positive.</param>
    /// <param name="positives">Whether each sample is positive.</param>
    /// <param name="weights">Sample weights, finite and ≥ 0; empty for 1 each.</param>
    /// <param name="patients">Number of each sample's patient, each from 0 to the highest in use; empty when unknown.</param>
    /// <param name="breasts">Number of each sample's breast, likewise; empty when unknown.</param>
    /// <param name="ids">Name of each sample; null for its number.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ScoreInvalid"/>: a score is NaN or infinite. <see cref="ErrorIds.PredictionsMixed"/>: a weight is negative, NaN or infinite.
    /// </exception>
    /// <exception cref="ArgumentException">The lengths differ, or a patient or breast between 0 and the highest has no sample.</exception>
    public static ScoredSet Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<bool> positives,
        ReadOnlySpan<double> weights = default,
        ReadOnlySpan<int> patients = default,
        ReadOnlySpan<int> breasts = default,
        IReadOnlyList<string>? ids = null)
    {
        var count = scores.Length;
        if (positives.Length != count || Differs(weights.Length) || Differs(patients.Length) || Differs(breasts.Length) || (ids?.Count ?? count) != count)
            throw new ArgumentException($"The columns are not all of {count} samples.");
        for (var i = 0; i < count; i++)
        {
            if (!double.IsFinite(scores[i]))
            {
                var which = ids?[i] ?? $"sample {i + 1}";
                throw new MammoException(ErrorIds.ScoreInvalid, $"The score of {which} is {scores[i]}.", "Leave the image out, or score it again.", which);
            }
        }

        foreach (var weight in weights)
        {
            if (!(weight >= 0) || double.IsInfinity(weight))
            {
                throw new MammoException(
                    ErrorIds.PredictionsMixed, $"A sample weight of {weight} is not a number from 0 upwards.", "Give weights of 0 or more.");
            }
        }

        // Weights of 1 are none, so that all intervals are available.
        double[]? weightArray = weights.IsEmpty || !weights.ContainsAnyExcept(1.0) ? null : weights.ToArray();
        var (patientArray, breastArray) = (Numbers(patients, nameof(patients)), Numbers(breasts, nameof(breasts)));
        return new ScoredSet(scores.ToArray(), positives.ToArray(), weightArray, patientArray, breastArray, ids?.ToArray());

        bool Differs(int length) => length != 0 && length != count;
    }

    /// <summary>A set whose scores may be −∞, which ranks below all others; some patients may have no sample.</summary>
    internal static ScoredSet Unchecked(double[] scores, bool[] positives, double[]? weights, int[]? patients = null, int? patientCount = null) =>
        new(scores, positives, weights, patients, null, null) { PatientCount = patientCount ?? scores.Length };

    /// <summary>Name of a sample; its number, from 1, when it has none.</summary>
    public string Id(int sample) => _ids?[sample] ?? (sample + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// One sample for each breast or patient: positive when one of its images is, with the mean or the highest of their scores and the mean of their
    /// weights.
    /// </summary>
    /// <param name="unit">The unit; images of an image set are returned as they are.</param>
    /// <param name="score">How scores become one.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.PatientMissing"/>: patients are not known. <see cref="ErrorIds.LateralityMissing"/>: sides are not known.
    /// </exception>
    /// <exception cref="InvalidOperationException">The samples are not images.</exception>
    public ScoredSet By(EvaluationUnit unit, UnitScore score = UnitScore.Mean)
    {
        if (unit == Unit)
            return this;
        if (Unit != EvaluationUnit.Image)
            throw new InvalidOperationException($"Samples that are a {Unit} cannot be put together by {unit}.");
        if (Count > 0 && !HasPatients)
            throw Unknown(ErrorIds.PatientMissing, "patients");
        if (Count > 0 && unit == EvaluationUnit.Breast && BreastArray is null)
            throw Unknown(ErrorIds.LateralityMissing, "sides");
        return Together(unit == EvaluationUnit.Patient ? PatientArray : BreastArray ?? [], unit, score);

        MammoException Unknown(string id, string what) =>
            new(id, $"Images cannot be put together by {unit}: their {what} are not known.", $"Fill in the {what} of all images.");
    }

    /// <summary>The same samples with the scores of another set, which has the same images in another order.</summary>
    /// <param name="other">The set that has the scores.</param>
    /// <param name="places">Place in <paramref name="other"/> of each sample.</param>
    internal ScoredSet WithScores(ScoredSet other, int[] places) =>
        new([.. places.Select(place => other.ScoreArray[place])], PositiveArray, WeightArray, HasPatients ? PatientArray : null, BreastArray, _ids);

    /// <summary>The samples of one unit put together; see <see cref="By"/>.</summary>
    private ScoredSet Together(int[] keys, EvaluationUnit unit, UnitScore score)
    {
        var count = CountOf(keys) ?? 0;
        var (scores, positives, weights, patients, members) = (new double[count], new bool[count], new double[count], new int[count], new int[count]);
        if (score == UnitScore.Max)
            Array.Fill(scores, double.NegativeInfinity);
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[i];
            scores[key] = score == UnitScore.Max ? Math.Max(scores[key], ScoreArray[i]) : scores[key] + ScoreArray[i];
            positives[key] |= PositiveArray[i];
            weights[key] += WeightArray?[i] ?? 1;
            patients[key] = PatientArray[i];
            members[key]++;
        }

        for (var key = 0; key < count; key++)
        {
            weights[key] /= members[key];
            if (score == UnitScore.Mean)
                scores[key] /= members[key];
        }

        return new ScoredSet(scores, positives, IsWeighted ? weights : null, patients, null, null)
        {
            Unit = unit,
            ImageCount = ImageCount,
            BreastCount = BreastCount,
        };
    }

    private static int[] Own(int count)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = i;
        return numbers;
    }

    /// <summary>How many there are of numbers that begin at 0; null when there are no numbers.</summary>
    private static int? CountOf(int[]? numbers) => numbers is null ? null : numbers.Length == 0 ? 0 : numbers.Max() + 1;

    private static int[]? Numbers(ReadOnlySpan<int> numbers, string name)
    {
        if (numbers.IsEmpty)
            return null;
        var copy = numbers.ToArray();
        if (copy.Min() < 0 || copy.Max() >= copy.Length)
            throw new ArgumentException("The numbers are not 0, 1, 2 and so on.", name);
        var used = new bool[copy.Max() + 1];
        foreach (var number in copy)
            used[number] = true;
        return used.AsSpan().Contains(false) ? throw new ArgumentException("A number below the highest has no sample.", name) : copy;
    }
}
