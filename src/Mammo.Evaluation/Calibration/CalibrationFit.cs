using Mammo.Evaluation.Numerics;
using Mammo.Evaluation.Sets;

namespace Mammo.Evaluation.Calibration;

/// <summary>Kinds of <see cref="ScoreCalibration"/>.</summary>
public enum CalibrationMethod
{
    /// <summary><see cref="ScoreCalibration.Platt"/>.</summary>
    Platt,

    /// <summary><see cref="ScoreCalibration.Beta"/>.</summary>
    Beta,

    /// <summary><see cref="ScoreCalibration.Isotonic"/>.</summary>
    Isotonic,
}

/// <summary>Fits maps from scores to probabilities.</summary>
public static class CalibrationFit
{
    /// <summary>The map of a kind that fits validation predictions best.</summary>
    /// <param name="set">Validation predictions; their weights count.</param>
    /// <param name="method">The kind.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.CalibrationImpossible"/>: one class only, scores that are no probabilities, all equal, completely separated (beta), or reversed
    /// (Platt, beta).
    /// </exception>
    public static ScoreCalibration Of(ScoredSet set, CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.OneClass is { } reason)
            throw Impossible(reason);
        if (!set.AreProbabilities)
            throw Impossible(Reasons.NotProbabilities);
        if (set.Counts.OneScore)
            throw Impossible(Reasons.OneScore);
        return method switch
        {
            CalibrationMethod.Platt => Platt(set),
            CalibrationMethod.Beta => Beta(set),
            CalibrationMethod.Isotonic => Isotonic(set),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };
    }

    private static MammoException Impossible(string reason) => new(
        ErrorIds.CalibrationImpossible,
        $"The scores cannot be calibrated: {reason}.",
        "Give validation predictions of both classes, more of them, or another method.");

    private static ScoreCalibration.Platt Platt(ScoredSet set)
    {
        // Platt's targets, which are not quite 0 and 1, keep the slope finite for separated classes.
        double high = (set.Ranking.Positives + 1) / (set.Ranking.Positives + 2), low = 1 / (set.Ranking.Negatives + 2);
        double[] targets = [.. set.PositiveArray.Select(positive => positive ? high : low)];
        double[] odds = [.. set.ScoreArray.Select(Logit.Of)];
        if (LogisticFit.Fit([odds], targets, set.WeightArray) is not [var intercept, var slope])
            throw Impossible("no logistic curve fits them");
        return slope >= 0 ? new ScoreCalibration.Platt(slope, intercept) : throw Impossible("positives score lower than negatives");
    }

    private static ScoreCalibration.Beta Beta(ScoredSet set)
    {
        if (set.Counts.Separated)
            throw Impossible(Reasons.Separated);
        double[] targets = [.. set.PositiveArray.Select(positive => positive ? 1.0 : 0)];
        double[] first = [.. set.ScoreArray.Select(score => Math.Log(Logit.Clamp(score)))];
        double[] second = [.. set.ScoreArray.Select(score => -Math.Log(1 - Logit.Clamp(score)))];
        // A negative exponent would reverse scores: it is set to 0 and the rest fitted again, as its authors do.
        var both = LogisticFit.Fit([first, second], targets, set.WeightArray);
        if (both is [var c, >= 0 and var a, >= 0 and var b])
            return new ScoreCalibration.Beta(a, b, c);
        var useFirst = both is null || both[2] < both[1];
        if (LogisticFit.Fit([useFirst ? first : second], targets, set.WeightArray) is not [var intercept, var exponent])
            throw Impossible("no curve of this kind fits them");
        if (!(exponent >= 0))
            throw Impossible("positives score lower than negatives");
        return useFirst ? new ScoreCalibration.Beta(exponent, 0, intercept) : new ScoreCalibration.Beta(0, exponent, intercept);
    }

    /// <summary>Pools adjacent violators (Ayer and others, Annals of Mathematical Statistics 26:641, 1955): O(n) after the ranking.</summary>
    private static ScoreCalibration.Isotonic Isotonic(ScoredSet set)
    {
        var (counts, ranking) = (set.Counts, set.Ranking);
        // Blocks of neighbouring distinct scores in ascending order, each with the lowest and highest score, weight of positives and weight.
        var blocks = new Stack<(double Low, double High, double Positive, double Weight)>();
        for (var i = ranking.Ends.Length; i >= 1; i--)
        {
            var score = ranking.ScoreAt(ranking.Ends[i - 1] - 1);
            var positive = counts.True[i] - counts.True[i - 1];
            var weight = positive + counts.False[i] - counts.False[i - 1];
            if (!(weight > 0))
                continue;
            var block = (Low: score, High: score, Positive: positive, Weight: weight);
            while (blocks.TryPeek(out var before) && before.Positive * block.Weight >= block.Positive * before.Weight)
            {
                blocks.Pop();
                block = (before.Low, block.High, before.Positive + block.Positive, before.Weight + block.Weight);
            }

            blocks.Push(block);
        }

        var scores = new List<double>();
        var probabilities = new List<double>();
        foreach (var block in blocks.Reverse())
        {
            Add(block.Low, block.Positive / block.Weight);
            if (block.High > block.Low)
                Add(block.High, block.Positive / block.Weight);
        }

        return new ScoreCalibration.Isotonic([.. scores], [.. probabilities]);

        void Add(double score, double probability)
        {
            scores.Add(score);
            probabilities.Add(Math.Clamp(probability, 0, 1));
        }
    }
}
