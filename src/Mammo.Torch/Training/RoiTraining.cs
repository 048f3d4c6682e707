using Mammo.Data.Images;
using Mammo.Data.Patches;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;

namespace Mammo.Torch.Training;

/// <summary>What training the positions of a heatmap on regions of interest needs of network and data.</summary>
internal static class RoiTraining
{
    /// <summary>Class that is the background: the one that top-k pooling says, else the first.</summary>
    public static int Background(LayerGraph graph) =>
        graph.Layers.Select(layer => layer.Kind).OfType<LayerKind.TopKPooling2D>().FirstOrDefault()?.Background ?? 0;

    /// <summary>Labels positions; null when the options do not ask for it.</summary>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.RoiTrainingImpossible"/>: the network's heatmap gives no probabilities of the images' classes, or no training image has a region.
    /// </exception>
    public static RoiLabels? Labels(MammoModel model, TrainingOptions options, TrainingData data)
    {
        var (train, size) = (data.Train, data.Preparation.Size!.Value);
        if (options.RoiLoss == 0)
            return null;
        if (HeatmapLayer.Find(model.Graph, size) is not { IsProbability: true } heatmap || heatmap.ClassCount != model.OutputCount)
        {
            throw new MammoException(
                ErrorIds.RoiTrainingImpossible,
                $"Regions of interest cannot train '{model.Name}': it has no heatmap of the probabilities of its classes.",
                "Make the model with New-WholeImageModel -HeatmapPooling TopK, or leave -RoiLoss out.",
                model.Name);
        }

        if (!train.Images.Any(image => image.Rois.Any(roi => roi.Shape is not null)))
        {
            throw new MammoException(
                ErrorIds.RoiTrainingImpossible,
                $"Training set '{train.Name}' has no ROI with a place.",
                "Import a dataset with ROIs (mini-MIAS, CBIS-DDSM, or a CSV with their columns), or leave -RoiLoss out.",
                train.Name);
        }

        return new RoiLabels(heatmap.Geometry, size, Background(model.Graph)) { Fill = data.Augmentation?.Fill ?? default, Dicom = data.Dicom };
    }
}
