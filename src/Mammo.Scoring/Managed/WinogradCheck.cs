using System.Runtime.CompilerServices;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Managed;

/// <summary>What a check knows of a convolution by Winograd's method.</summary>
internal interface IWinogradStep
{
    /// <summary>The layer that has the weights.</summary>
    string Layer { get; }

    /// <summary>Rows and columns of a tile of outputs: 4 or 2.</summary>
    int Tile { get; }

    /// <summary>Its window.</summary>
    Window Window { get; }

    /// <summary>What it reads.</summary>
    PatchSource Source { get; }

    /// <summary>The map that is added; null for none.</summary>
    FeatureMap? Added { get; }

    /// <summary>max(x, 0) at the end.</summary>
    bool IsRelu { get; }

    /// <summary>Maximum of 2 × 2 after that.</summary>
    bool IsPooled { get; }
}

/// <summary>
/// Computes some outputs of a convolution in float64 from the plane that it reads and compares them with what Winograd's method gave: its rounding error is
/// bounded by values in between that may be much larger than the outputs (Barabasz et al., arXiv:1803.10986), so it depends on weights and images.
/// </summary>
internal sealed unsafe class WinogradCheck
{
    private const int Pixels = 32;
    private const int Channels = 8;

    // Multipliers that spread samples over a map (Knuth's, 2^32 / golden ratio, and a prime).
    private const long PixelSpread = 2654435761;
    private const long ChannelSpread = 7919;

    private readonly Step _step;
    private readonly IWinogradStep _winograd;
    private readonly float[] _kernel;
    private readonly float[]? _bias;
    private readonly List<(long Pixel, int Channel, double Expected)> _samples = [];

    /// <summary>Computes the samples, before the step runs: what is added may lie where the output is written.</summary>
    /// <param name="step">The convolution.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="pass">The run of one image.</param>
    public WinogradCheck(Step step, IReadOnlyDictionary<string, Weight> weights, Pass pass)
    {
        (_step, _winograd) = (step, (IWinogradStep)step);
        (_kernel, _bias) = (weights[$"{_winograd.Layer}/kernel"].Values, weights.GetValueOrDefault($"{_winograd.Layer}/bias")?.Values);
        for (var sample = 0; sample < Pixels; sample++)
        {
            var pixel = sample * PixelSpread % step.Output.Pixels;
            var patch = PatchOf(pass, pixel);
            for (var part = 0; part < Channels; part++)
            {
                var channel = (int)(((sample * Channels) + part) * ChannelSpread % step.Output.Channels);
                _samples.Add((pixel, channel, Expected(pass.Memory, patch, pixel, channel)));
            }
        }
    }

    /// <summary>The greatest difference, after the step has run, in parts of the outputs' root mean square; 0 where they are all 0.</summary>
    public double Error(Pass pass)
    {
        var output = _step.Output.At(pass.Memory);
        var rms = Math.Sqrt(_samples.Average(sample => sample.Expected * sample.Expected));
        var greatest = _samples.Max(sample => Math.Abs(output[(sample.Pixel * _step.Output.Stride) + sample.Channel] - sample.Expected));
        return rms == 0 ? 0 : greatest / rms;
    }

    /// <summary>All that an output of the first image is made from: at most two windows along each axis.</summary>
    private Patch PatchOf(Pass pass, long pixel)
    {
        var (row, column) = ((int)(pixel / _step.Output.Columns), (int)(pixel % _step.Output.Columns));
        var pool = _winograd.IsPooled ? 2 : 1;
        return _winograd.Source.At(pass.Memory, 0, (pool * row) - _winograd.Window.Top, (pool * column) - _winograd.Window.Left, pass.Scratch(0));
    }

    private double Expected(float* memory, in Patch patch, long pixel, int channel)
    {
        var value = Sum(patch, 0, 0, channel);
        if (_winograd.IsPooled)
            value = Math.Max(Math.Max(value, Sum(patch, 0, 1, channel)), Math.Max(Sum(patch, 1, 0, channel), Sum(patch, 1, 1, channel)));
        if (_winograd.Added is { } added)
            value += added.At(memory)[(pixel * added.Stride) + channel];
        return _winograd.IsRelu ? Math.Max(value, 0) : value;
    }

    /// <summary>Σ kernel · input + bias of one window of a patch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Sum(in Patch patch, int row, int column, int output)
    {
        var channels = _winograd.Source.Channels;
        var sum = (double)(_bias?[output] ?? 0);
        for (var tap = 0; tap < 9; tap++)
        {
            var values = patch.First + ((row + (tap / 3)) * patch.RowStride) + ((column + (tap % 3)) * patch.ColumnStride);
            for (var channel = 0; channel < channels; channel++)
                sum += (double)_kernel[(((output * channels) + channel) * 9) + tap] * values[channel];
        }

        return sum;
    }
}
