namespace Mammo.Data.Images;

/// <summary>Size of an image in pixels, rows first as in the original's options.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>Refuses a size that no image can be made in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has no rows or no columns.</exception>
    /// <exception cref="MammoException"><see cref="ErrorIds.ImageTooLarge"/>: it has more pixels than an array can hold, 2^31.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        if ((long)Height * Width > Array.MaxLength)
            throw new MammoException(ErrorIds.ImageTooLarge, $"An image of {this} pixels is too large to be made.");
    }

    /// <summary>
    /// The size that an image of this size is resized to: a number of rows with the columns in proportion, else the size given, else its own. Division before
    /// multiplication and truncation are the original's; a width of 0 would be an error there.
    /// </summary>
    internal ImageSize Resized(int? height, ImageSize? size) => height is { } rows
        ? new ImageSize(rows, Math.Max(1, (int)((double)rows / Height * Width)))
        : size ?? this;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Height}x{Width}");
}

/// <summary>A rectangle of pixels with its origin at the top left.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct PixelBox(int X, int Y, int Width, int Height)
{
    /// <summary>The column after the last one.</summary>
    public int Right => X + Width;

    /// <summary>The row after the last one.</summary>
    public int Bottom => Y + Height;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"x {X}, y {Y}, {Width} wide, {Height} high");
}

/// <summary>A pixel by column and row, origin at the top left.</summary>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
public readonly record struct PixelPoint(int X, int Y);
