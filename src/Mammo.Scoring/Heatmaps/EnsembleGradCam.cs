using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Models;

namespace Mammo.Scoring.Heatmaps;

/// <summary>Grad-CAM of an ensemble: the mean of its parts' heatmaps. Each part has gradients of its own, so that there is an engine for each.</summary>
internal sealed class EnsembleGradCam : IHeatmapMethod
{
    private readonly MammoModel _model;
    private readonly ImmutableArray<MammoModel> _parts;
    private readonly ImmutableArray<GradCamHeatmaps> _methods;

    /// <summary>Makes the engines of the parts.</summary>
    /// <exception cref="MammoException">Those of <see cref="GradCamHeatmaps"/>.</exception>
    public EnsembleGradCam(MammoModel model, HeatmapOptions options)
    {
        _model = model;
        _parts = Ensemble.Parts(model);
        _methods = [.. _parts.Select(part => new GradCamHeatmaps(part, options))];
        Preparation = ModelPreparation.For(model, options.Images.Preparation);
    }

    /// <inheritdoc/>
    public ModelPreparation Preparation { get; }

    /// <inheritdoc/>
    public IEngine Engine => _methods[0].Engine;

    /// <inheritdoc/>
    public ImmutableArray<string> Classes => _model.Classes;

    /// <inheritdoc/>
    public bool IsProbability => false;

    /// <inheritdoc/>
    public IEnumerable<string> Decisions => _methods.SelectMany(method => method.Decisions).Distinct()
        .Prepend(FormattableString.Invariant($"mean of the heatmaps of {_parts.Length} parts"));

    /// <inheritdoc/>
    public HeatmapInput Prepare(GreyImage stored)
    {
        var input = _methods[0].Prepare(stored);
        var size = new ImageSize(input.Prepared.Plane.Height, input.Prepared.Plane.Width);
        return _methods.All(method => method.Places(size) == input.Places) ? input : throw new MammoException(
            ErrorIds.HeatmapImpossible,
            $"The maps of the parts of '{_model.Name}' have different positions, so they have no mean.",
            "Make the heatmaps of its parts: Split-MammoModel.",
            _model.Name);
    }

    /// <inheritdoc/>
    public float[][] Run(IReadOnlyList<HeatmapInput> inputs, CancellationToken cancellation)
    {
        var sums = inputs.Select(input => new double[input.Places.Count * Classes.Length]).ToArray();
        foreach (var heatmaps in _methods.Select(method => method.Run(inputs, cancellation)))
        {
            for (var index = 0; index < sums.Length; index++)
            {
                for (var place = 0; place < sums[index].Length; place++)
                    sums[index][place] += heatmaps[index][place];
            }
        }

        return [.. sums.Select(sum => Array.ConvertAll(sum, value => (float)(value / _parts.Length)))];
    }

    /// <summary>Frees the parts and their engines, which were made here.</summary>
    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
    }
}
