using Mammo.Data.Patches;
using TorchSharp;
using static TorchSharp.torch;

namespace Mammo.Torch.Training.Losses;

/// <summary>
/// How well a heatmap agrees with the labels of its positions: the mean cross-entropy of positions on regions, and for the background half its mean and half
/// the mean of its hardest 3%, among which
/// are the false alarms that decide the score of a film.
/// </summary>
internal static class RoiLoss
{
    private const double HardShare = 0.03;
    private const double Epsilon = 1e-7;

    /// <summary>The loss of a batch; null when no position has a label.</summary>
    /// <param name="heatmap">(n, classes, rows, columns), probabilities.</param>
    /// <param name="labels">Labels of all positions, sample after sample, row by row; <see cref="RoiLabels.None"/> for none.</param>
    /// <param name="background">Label of the background.</param>
    public static Tensor? Of(Tensor heatmap, sbyte[] labels, int background)
    {
        using var scope = NewDisposeScope();
        var positions = heatmap.permute(0, 2, 3, 1).reshape(-1, heatmap.shape[1]);
        var regions = Losses(positions, labels, label => label != background && label != RoiLabels.None);
        var elsewhere = Losses(positions, labels, label => label == background);
        Tensor[] parts = [.. new[] { regions?.mean(), elsewhere is null ? null : Background(elsewhere) }.OfType<Tensor>()];
        return parts.Length == 0 ? null : parts.Aggregate((sum, part) => sum.add(part, Number.Of(1))).MoveToOuterDisposeScope();
    }

    private static Tensor Background(Tensor losses)
    {
        var hard = (int)Math.Max(1, losses.shape[0] * HardShare);
        return losses.mean().add(losses.topk(hard, sorted: false).values.mean(), Number.Of(1)) * Number.Of(0.5);
    }

    private static Tensor? Losses(Tensor positions, sbyte[] labels, Func<sbyte, bool> isWanted)
    {
        long[] wanted = [.. Enumerable.Range(0, labels.Length).Where(i => isWanted(labels[i])).Select(i => (long)i)];
        if (wanted.Length == 0)
            return null;
        var rows = tensor(wanted, device: positions.device).clone();
        var classes = tensor(Array.ConvertAll(wanted, i => (long)labels[i]), device: positions.device).clone();
        return positions.index_select(0, rows).gather(1, classes.unsqueeze(1)).clamp(Number.Of(Epsilon), Number.Of(1 - Epsilon)).log().neg().squeeze(1);
    }
}
