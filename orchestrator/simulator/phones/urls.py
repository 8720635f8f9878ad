from django.urls import path

from orchestrator.simulator.phones import views

urlpatterns = [
    path("", views.page, name="phones"),
    path("feed", views.feed, name="phones-feed"),
    path("start-over", views.start_over, name="phones-start-over"),
    path("skip-the-wait", views.skip_the_wait, name="phones-skip-the-wait"),
]
