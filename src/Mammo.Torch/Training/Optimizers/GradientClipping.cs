using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>Keras's <c>clipnorm</c> and <c>clipvalue</c>, in this order, on the gradients of all weights.</summary>
/// <param name="Norm">Largest L2 norm of all gradients together; null for none.</param>
/// <param name="Value">Largest size of any component; null for none.</param>
internal sealed record GradientClipping(double? Norm = null, double? Value = null)
{
    /// <summary>Clips in place.</summary>
    public void Apply(IReadOnlyList<TrainedWeight> weights)
    {
        if (Norm is null && Value is null)
            return;
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] gradients = [.. weights.Select(weight => weight.Value.grad).OfType<torch.Tensor>()];
        if (gradients.Length == 0)
            return;
        if (Norm is { } limit)
        {
            var norm = Math.Sqrt(
                torch.stack([.. gradients.Select(gradient => (gradient * gradient).sum().to_type(torch.ScalarType.Float64))]).sum().item<double>());
            if (norm >= limit)
                Array.ForEach(gradients, gradient => gradient.mul_(Number.Of(limit / norm)));
        }

        if (Value is { } bound)
            Array.ForEach(gradients, gradient => gradient.clamp_(Number.Of(-bound), Number.Of(bound)));
    }
}
