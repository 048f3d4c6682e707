using Mammo.Evaluation.Numerics;

namespace Mammo.Evaluation.Calibration;

/// <summary>
/// Intercept and slope of logistic recalibration (Cox, Biometrika 45:562, 1958; Van Calster and others, Journal of Clinical Epidemiology 74:167, 2016),
/// for any draw of patients.
/// </summary>
internal sealed class CalibrationLine
{
    private readonly ScoredSet _set;
    private readonly double[] _odds;
    private readonly double[] _targets;
    private readonly double[] _weights;

    public CalibrationLine(ScoredSet set)
        : this(set, [.. set.ScoreArray.Select(Logit.Of)], [.. set.PositiveArray.Select(positive => positive ? 1.0 : 0)])
    {
    }

    private CalibrationLine(ScoredSet set, double[] odds, double[] targets) => (_set, _odds, _targets, _weights) = (set, odds, targets, new double[odds.Length]);

    /// <summary>Room of its own for the same samples.</summary>
    public CalibrationLine Copy() => new(_set, _odds, _targets);

    /// <summary>The intercept for a slope of 1, and the slope with an intercept of its own.</summary>
    /// <param name="draws">How many times each patient was drawn; empty for once each.</param>
    /// <param name="slope">Whether a slope is looked for.</param>
    public (double Intercept, double Slope) Fit(ReadOnlySpan<int> draws, bool slope)
    {
        var weights = draws.IsEmpty ? _set.WeightArray : _weights;
        if (!draws.IsEmpty)
        {
            for (var i = 0; i < _weights.Length; i++)
                _weights[i] = draws[_set.PatientArray[i]] * (_set.WeightArray is null ? 1 : _set.WeightArray[i]);
        }

        var line = slope ? LogisticFit.Fit([_odds], _targets, weights, start: [0, 1]) : null;
        return (LogisticFit.Fit([], _targets, weights, _odds)?[0] ?? double.NaN, line?[1] ?? double.NaN);
    }
}
