using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Calibration;

/// <summary>Sums over each patient's samples from which the Brier score and probabilistic F1 of any draw of patients follow.</summary>
internal sealed class ProbabilitySums
{
    private readonly double[] _weight;
    private readonly double[] _squares;
    private readonly double[] _scores;
    private readonly double[] _positives;
    private readonly double[] _hits;

    public ProbabilitySums(ScoredSet set)
    {
        var patients = set.PatientCount;
        (_weight, _squares, _scores) = (new double[patients], new double[patients], new double[patients]);
        (_positives, _hits) = (new double[patients], new double[patients]);
        for (var i = 0; i < set.Count; i++)
        {
            var (patient, score, positive) = (set.PatientArray[i], set.ScoreArray[i], set.PositiveArray[i] ? 1 : 0);
            var weight = set.WeightArray is null ? 1 : set.WeightArray[i];
            _weight[patient] += weight;
            _squares[patient] += weight * (score - positive) * (score - positive);
            _scores[patient] += weight * score;
            _positives[patient] += weight * positive;
            _hits[patient] += weight * score * positive;
        }
    }

    /// <summary>
    /// The mean squared distance of score and class; and twice the sum of the positives' scores over the sum of all scores and the number of positives,
    /// which is 2PR/(P + R) of the probabilistic precision and recall.
    /// </summary>
    public (double Brier, double F1) Compute(ReadOnlySpan<int> draws)
    {
        double weight = 0, squares = 0, scores = 0, positives = 0, hits = 0;
        for (var patient = 0; patient < _weight.Length; patient++)
        {
            var times = draws.IsEmpty ? 1 : draws[patient];
            weight += times * _weight[patient];
            squares += times * _squares[patient];
            scores += times * _scores[patient];
            positives += times * _positives[patient];
            hits += times * _hits[patient];
        }

        return (squares / weight, 2 * hits / (scores + positives));
    }
}
