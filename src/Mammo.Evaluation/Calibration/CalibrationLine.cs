using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Calibration;

/// <summary>
/// Intercept and slope of logistic recalibration (Cox, Biometrika 45:562, 1958; Van Calster and others, Journal of Clinical Epidemiology 74:167, 2016),
/// for any draw of patients.
/// </summary>
internal sealed class CalibrationLine
{
    private const int EnoughToBegin = 20_000;

    private readonly ScoredSet _set;
    private readonly double[] _odds;
    private readonly double[] _targets;
    private readonly double[] _weights;

    // Those of the set itself, from which the fits of draws begin: always the same place, so that results do not depend on which thread did what.
    private readonly double[] _line = [0, 1];
    private readonly double[] _intercept = [0];

    public CalibrationLine(ScoredSet set)
    {
        (_set, _weights) = (set, new double[set.Count]);
        _odds = [.. set.ScoreArray.Select(Logit.Of)];
        _targets = [.. set.PositiveArray.Select(positive => positive ? 1.0 : 0)];
        if (set.OneClass is not null)
            return;
        // A large set begins from every so many of its samples, which saves most of the passes over all of them.
        var part = Math.Max(1, set.Count / EnoughToBegin);
        if (part > 1)
        {
            double[] odds = [.. Every(_odds)], targets = [.. Every(_targets)];
            var weights = set.WeightArray is null ? null : Every(set.WeightArray).ToArray();
            _intercept = LogisticFit.Fit([], targets, weights, odds) ?? _intercept;
            _line = LogisticFit.Fit([odds], targets, weights, start: _line) ?? _line;
        }

        _intercept = LogisticFit.Fit([], _targets, set.WeightArray, _odds, _intercept) ?? _intercept;
        _line = set.Counts.Separated ? _line : LogisticFit.Fit([_odds], _targets, set.WeightArray, start: _line) ?? _line;

        IEnumerable<double> Every(double[] column) => column.Where((_, i) => i % part == 0);
    }

    private CalibrationLine(CalibrationLine other)
    {
        (_set, _odds, _targets, _weights) = (other._set, other._odds, other._targets, new double[other._odds.Length]);
        (_line, _intercept) = (other._line, other._intercept);
    }

    /// <summary>Room of its own for the same samples.</summary>
    public CalibrationLine Copy() => new(this);

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

        var intercept = LogisticFit.Fit([], _targets, weights, _odds, _intercept);
        var line = slope ? LogisticFit.Fit([_odds], _targets, weights, start: _line) : null;
        return (intercept?[0] ?? double.NaN, line?[1] ?? double.NaN);
    }
}
