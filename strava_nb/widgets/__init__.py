"""What you click: the only room that imports ipywidgets and anywidget."""
